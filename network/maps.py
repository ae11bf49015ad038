"""The world as one SVG file: shapes of a TopoJSON atlas, projected, cut at the edge and rounded.

Longitudes and latitudes are degrees; drawing coordinates are units of a `WIDTH` wide view box,
y downwards. A ring is a list of points, the first repeated at the end or not; a polygon is a list
of rings.
"""

from math import asin, cos, radians, sin, sqrt

WIDTH = 4000
CENTRE = 11  # The page's edge then runs through the Bering Strait and cuts hardly any land.
NORTH, SOUTH = 83.7, -56.0
ISLET = 20  # Square units; a state's largest island stays however small it is.
DOT = 12  # Radius of the circle for a state too small for the coarse atlas.
ANTARCTICA = "010"

# Shapes that the atlas draws apart, joined to the state of which United Nations maps show them
# as a part: by name, and by a box (west, south, east, north) around a polygon of another state.
JOINED = {"N. Cyprus": "196", "Somaliland": "706"}
MOVED = [("643", (32, 44, 37, 46.5), "804")]  # Crimea; General Assembly resolution 68/262.
# What a state's shape holds south of a parallel, given to another: Western Sahara.
DIVIDED = [("504", 27.667, "732")]


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Project a point; x within ±2.71, y within ±1.32 and upwards.

    Source: B. Šavrič, T. Patterson, B. Jenny, The Equal Earth map projection, 2018.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square, sixth = theta**2, theta**6
    x_scale = 3 * (9 * a4 * square * sixth + 7 * a3 * sixth + 3 * a2 * square + a1)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / x_scale
    return x, theta * (a4 * square * sixth + a3 * sixth + a2 * square + a1)


SCALE = WIDTH / 2 / equal_earth(180, 0)[0]
TOP = equal_earth(0, NORTH)[1]
HEIGHT = round((TOP - equal_earth(0, SOUTH)[1]) * SCALE)


def place(longitude: float, latitude: float) -> tuple[int, int]:
    """Return where a point lies in the drawing; `longitude` counts from `CENTRE`."""
    x, y = equal_earth(longitude, latitude)
    return round(WIDTH / 2 + x * SCALE), round((TOP - y) * SCALE)


def arcs_of(atlas: dict) -> list[list[tuple[float, float]]]:
    """Return the lines of a quantised TopoJSON atlas as lists of (longitude, latitude)."""
    (x_scale, y_scale), (x_start, y_start) = atlas["transform"].values()
    lines = []
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * x_scale + x_start, y * y_scale + y_start))
        lines.append(line)
    return lines


def ring_of(indices: list[int], arcs: list) -> list[tuple[float, float]]:
    """Join arcs to a ring; `~i` is arc i backwards, and each begins where the last one ended."""
    ring = []
    for index in indices:
        ring += (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]
    return ring


def shapes_of(atlas: dict) -> list[tuple[str, str, list]]:
    """Return (M49 code or nothing, name, polygons) for each shape of an atlas."""
    arcs = arcs_of(atlas)
    shapes = []
    for shape in atlas["objects"]["countries"]["geometries"]:
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        polygons = [[ring_of(ring, arcs) for ring in part] for part in parts]
        shapes.append((shape.get("id", ""), shape["properties"]["name"], polygons))
    return shapes


def by_state(shapes: list) -> dict[str, list]:
    """Return the polygons of each M49 code, without Antarctica; under "" those with no code."""
    states = {}
    for code, name, polygons in shapes:
        code = JOINED.get(name, code)
        for polygon in polygons:
            states.setdefault(holder(code, polygon), []).append(polygon)
    states.pop(ANTARCTICA, None)
    for giver, parallel, receiver in DIVIDED:
        whole = states.get(giver, [])
        states[giver] = beyond(whole, parallel, -1)
        states[receiver] = states.get(receiver, []) + beyond(whole, parallel, 1)
    return {code: polygons for code, polygons in states.items() if polygons}


def beyond(polygons: list, parallel: float, side: int) -> list:
    """Return the parts of polygons north (-1) or south (1) of a parallel, without their holes."""
    turned = [[(y, x) for x, y in polygon[0]] for polygon in polygons]
    parts = [clipped(ring, parallel, side) for ring in turned]
    return [[[(x, y) for y, x in part]] for part in parts if part]


def holder(code: str, polygon: list) -> str:
    """Return the code of the state a polygon belongs to, after `MOVED`."""
    for giver, (west, south, east, north), receiver in MOVED:
        inside = all(west < x < east and south < y < north for x, y in polygon[0])
        if code == giver and inside:
            return receiver
    return code


def unwrapped(ring: list) -> list:
    """Return a ring with longitudes from `CENTRE` that never jump from one edge to the other."""
    longitudes = [x - CENTRE for x, _y in ring]
    for i in range(1, len(longitudes)):
        step = longitudes[i] - longitudes[i - 1]
        longitudes[i] -= 360 * round(step / 360)
    return [(x, y) for x, (_x, y) in zip(longitudes, ring, strict=True)]


def clipped(ring: list, edge: float, side: int) -> list:
    """Return the part of a ring with `side * longitude <= side * edge` (Sutherland–Hodgman)."""
    kept = []
    for (x1, y1), (x2, y2) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was_in, is_in = side * x1 <= side * edge, side * x2 <= side * edge
        if was_in != is_in:
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
        if is_in:
            kept.append((x2, y2))
    return kept


def pieces(ring: list) -> list[list]:
    """Cut a ring at the edge of the map: one list of points for each part of it."""
    whole = unwrapped(ring)
    found = []
    for turn in (-360, 0, 360):
        moved = [(x + turn, y) for x, y in whole]
        east = clipped(moved, 180, 1)
        found.append(clipped(east, -180, -1) if east else [])
    return [piece for piece in found if len(piece) > 2]


def rounded(ring: list) -> list[tuple[int, int]]:
    """Return a piece in drawing coordinates, without points that rounding made equal."""
    points = [place(x, y) for x, y in ring]
    return [point for before, point in zip(points[-1:] + points[:-1], points, strict=True)
            if point != before]  # fmt: skip


def area(ring: list) -> float:
    """Return the area inside a ring, in the square of its own units."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def outline(polygons: list) -> str:
    """Return the path data of a state: its largest piece, and the others if they can be seen."""
    rings = [rounded(piece) for polygon in polygons for ring in polygon for piece in pieces(ring)]
    rings = sorted((ring for ring in rings if len(ring) > 2), key=area, reverse=True)
    return "".join(path(ring) for ring in rings[:1] + [r for r in rings[1:] if area(r) > ISLET])


def path(ring: list) -> str:
    """Return a ring as relative path data, as short as SVG allows."""
    (x, y), *rest = ring
    steps, last = [], (x, y)
    for point in rest:
        steps += [point[0] - last[0], point[1] - last[1]]
        last = point
    numbers = "".join(f" {step}" if step >= 0 else str(step) for step in steps)
    return f"M{x} {y}l{numbers.lstrip()}z"


def dot(polygons: list) -> tuple[int, int]:
    """Return where the circle of a small state lies: in the middle of its largest island."""
    ring = max((unwrapped(polygon[0]) for polygon in polygons), key=area)
    longitude = sum(x for x, _y in ring) / len(ring)
    return place((longitude + 180) % 360 - 180, sum(y for _x, y in ring) / len(ring))


def world_svg(coarse: dict, fine: dict, codes: set[str]) -> str:
    """Return the file: a group `land` of one shape for each state, with the id `s` + M49 code.

    coarse, fine: TopoJSON atlases; codes: the states that must be on the map, as circles where
    the coarse atlas leaves them out. Raises KeyError for a code that neither atlas holds.
    """
    large, small = by_state(shapes_of(coarse)), by_state(shapes_of(fine))
    lines = []
    for code, polygons in sorted(large.items()):
        name = f' id="s{code}"' if code else ""
        lines.append(f'<path{name} d="{outline(polygons)}"/>')
    for code in sorted(codes - large.keys()):
        x, y = dot(small[code])
        lines.append(f'<circle id="s{code}" cx="{x}" cy="{y}" r="{DOT}"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return "\n".join([head, '<g id="land">', *lines, "</g>", "</svg>", ""])
