"""deploy/nginx as shipped: what it keeps, whom it lets in, what it holds back."""

import gzip
import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from .conftest import ROOT
from .proxies import NAME, Script, granian, proxy
from .test_units import wait_for

PUBLIC = {"Cache-Control": "public, max-age=0, s-maxage=1"}
PRIVATE = {"Cache-Control": "private, no-store"}
names = (f"/page-{number}/" for number in count())


@pytest.fixture(scope="module")
def script():
    made = Script()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def before_script(script, tmp_path_factory):
    with proxy(tmp_path_factory.mktemp("nginx"), script.address) as made:
        yield made


@pytest.fixture(scope="module")
def before_site(site, site_environment, tmp_path_factory):
    """nginx before a site that lives on HTTPS alone."""
    folder = tmp_path_factory.mktemp("public")
    public = {"INSECURE_HTTP": "false", "ALLOWED_HOSTS": NAME, "SITE_URL": f"https://{NAME}"}
    with granian(site_environment | public, folder) as address, proxy(folder, address) as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def slow(before_script):
    """Two clients that stop in mid-sentence: in the headers, and in the body."""
    in_headers, in_body = before_script.tls(), before_script.tls()
    in_headers.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\n".encode())
    in_body.sendall(f"POST / HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9\r\n\r\n1".encode())
    yield in_headers, in_body
    in_headers.close()
    in_body.close()


@pytest.fixture
def page(script):
    """An address of its own that answers as a public page."""
    path = next(names)
    script.answers[path] = (200, PUBLIC, "first")
    return path


def keep(before_script, path, headers=None):
    for _ in range(2):
        answer = before_script.ask(path, headers=headers)
    return answer


# --- What is kept, and for how long.

STALE = 2.1  # seconds; nginx counts whole ones


def test_a_page_asked_for_by_many_reaches_the_site_once_a_second(before_script, script, page):
    keep(before_script, page)
    before = script.times(page)

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(before_script.ask, [page] * 40))

    assert {answer.text for answer in answers} == {"first"}
    assert script.times(page) - before <= 2


@pytest.mark.parametrize(
    "changed", [(200, PUBLIC), (302, PRIVATE), (400, PRIVATE), (200, PRIVATE)], ids=str
)
def test_a_change_is_seen_after_a_second(before_script, script, page, changed):
    keep(before_script, page)
    script.answers[page] = (*changed, "second")
    time.sleep(STALE)

    for _ in range(3):
        answer = before_script.ask(page)
        assert (answer.status, answer.text) == (changed[0], "second")


def test_who_comes_while_a_page_is_fetched_anew_sees_it_as_it_was(before_script, script, page):
    keep(before_script, page)
    time.sleep(STALE)
    begun, finish = script.hold(page)

    with ThreadPoolExecutor(1) as crowd:
        first = crowd.submit(before_script.ask, page)
        assert begun.wait(5)
        script.answers[page] = (200, PUBLIC, "second")
        assert before_script.ask(page).text == "first"
        finish.set()

    assert first.result().text == "second"


def test_a_page_asked_for_once_takes_no_room(before_script, script, page):
    before_script.ask(page)
    before_script.ask(page)

    assert script.times(page) == 2


@pytest.mark.parametrize(
    "headers",
    [
        PRIVATE,
        {},
        {"Cache-Control": "no-cache"},
        PUBLIC | {"Set-Cookie": "csrftoken=x"},
        PUBLIC | {"Vary": "Accept-Language"},
        PUBLIC | {"Vary": "Accept-Encoding, User-Agent"},
        PUBLIC | {"Vary": "*"},
    ],
)
def test_what_the_site_does_not_call_public_for_all_is_not_kept(before_script, script, headers):
    path = next(names)
    script.answers[path] = (200, headers, "mine")

    for _ in range(4):
        assert before_script.ask(path).text == "mine"

    assert script.times(path) == 4


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500, 503])
def test_answers_other_than_pages_are_not_kept(before_script, script, status):
    path = next(names)
    script.answers[path] = (status, PUBLIC, "no")

    for _ in range(4):
        assert before_script.ask(path).status == status

    assert script.times(path) == 4


@pytest.mark.parametrize(
    "headers",
    [{"Cookie": "sessionid=abc"}, {"Cookie": "a=b; sessionid=0"}, {"Authorization": "Basic eA=="}],
)
def test_who_has_an_account_neither_reads_nor_fills_what_is_kept(
    before_script, script, page, headers
):
    keep(before_script, page)
    script.answers[page] = (200, PUBLIC, "for editors")

    assert before_script.ask(page, headers=headers).text == "for editors"
    assert before_script.ask(page).text == "first"


def test_a_cookie_that_is_no_account_is_served_from_what_is_kept(before_script, script, page):
    keep(before_script, page)
    before = script.times(page)

    assert before_script.ask(page, headers={"Cookie": "csrftoken=abc"}).text == "first"
    assert script.times(page) == before


def test_head_is_answered_from_what_is_kept_without_a_body(before_script, script, page):
    keep(before_script, page)

    answer = before_script.ask(page, method="HEAD")

    assert (answer.status, answer.text) == (200, "")
    assert script.times(page, "HEAD") == 0


def test_each_spelling_of_accept_encoding_shares_one_of_four_variants(before_script, script, page):
    spellings = {
        "zstd, br, gzip": ["gzip, deflate, br, zstd", "zstd,br;q=0.9,GZIP", "gzip,br,zstd,x-y"],
        "br, gzip": ["gzip, deflate, br", "br , gzip;q=0.5"],
        "gzip": ["gzip", "deflate, gzip;q=1.0, *;q=0.5"],
        None: ["identity", "", "gzip;q=0", "br;q=0, gzip", "deflate"],
    }
    for meant, spelt in spellings.items():
        script.answers[page] = (200, PUBLIC | {"Vary": "Accept-Encoding, Cookie"}, str(meant))
        keep(before_script, page, {"Accept-Encoding": spelt[0]})
        assert script.headers_of(page).get("Accept-Encoding") == meant
        script.answers[page] = (200, PUBLIC, "poisoned")
        for spelling in spelt:
            answer = before_script.ask(page, headers={"Accept-Encoding": spelling})
            assert answer.text == str(meant), spelling


# --- When the site fails.


@pytest.mark.parametrize("failure", [(500, PRIVATE, "oh"), (503, PRIVATE, "away")])
def test_a_page_that_is_kept_outlives_a_failing_site(before_script, script, page, failure):
    keep(before_script, page)
    script.answers[page] = failure
    time.sleep(1.6)

    for _ in range(3):
        answer = before_script.ask(page)
        assert (answer.status, answer.text) == (200, "first")


def test_a_page_that_is_kept_outlives_a_site_that_dies(tmp_path):
    script = Script()
    script.answers["/page/"] = (200, PUBLIC, "first")
    with proxy(tmp_path, script.address) as made:
        keep(made, "/page/")
        script.answers = {"/page/": (None, {}, ""), "/other/": (None, {}, "")}
        time.sleep(1.6)

        for _ in range(3):
            assert made.ask("/page/").text == "first"
        assert made.ask("/other/").status == 502
    script.stop()


@pytest.mark.parametrize("gone", [404, 410])
def test_a_withdrawn_page_does_not_come_back_when_the_site_fails(before_script, script, page, gone):
    keep(before_script, page)
    script.answers[page] = (gone, PRIVATE, "gone")
    time.sleep(1.6)
    wait_for(lambda: before_script.ask(page).status == gone, 5)

    script.answers[page] = (500, PRIVATE, "oh")
    time.sleep(1.6)

    for _ in range(3):
        assert before_script.ask(page).status == gone


def test_a_request_to_a_host_that_dies_goes_to_the_next_but_never_a_post(tmp_path):
    dying, healthy = Script(), Script()
    dying.answers["/x/"] = (None, {}, "")
    with proxy(tmp_path, dying.address, healthy.address) as made:
        assert {made.ask("/x/").status for _ in range(6)} == {200}
        assert dying.times("/x/") >= 1
        made_posts = [made.ask("/x/", "POST", body="a=1").status for _ in range(4)]
        reached = dying.times("/x/", "POST") + healthy.times("/x/", "POST")
    dying.stop()
    healthy.stop()

    assert reached <= len(made_posts)
    assert made_posts.count(200) == healthy.times("/x/", "POST")


def test_what_editors_send_goes_past_a_host_that_is_down(tmp_path):
    healthy = Script()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # Taken, but nobody listens.
        down = f"127.0.0.1:{closed.getsockname()[1]}"
        with proxy(tmp_path, down, healthy.address) as made:
            answers = [made.ask("/desk/x/", "POST", body="a=1").status for _ in range(6)]
    healthy.stop()

    assert answers == [200] * 6
    assert healthy.times("/desk/x/", "POST") == 6


# --- Whom the site believes.


@pytest.mark.parametrize("path", ["/claims/", "/desk/claims/"])
def test_claims_of_visitors_about_their_address_are_not_passed_on(before_script, script, path):
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "81",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "Proxy": "evil.example",
    }

    before_script.ask(path, headers=forged)

    told = script.headers_of(path)
    assert told["X-Forwarded-For"] == "127.0.0.1"
    assert told["X-Forwarded-Proto"] == "https"
    assert told["Host"] == NAME
    assert not {"X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "Proxy"} & set(
        told
    )


def ask_plainly(port, host) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(f"GET /a?b=c HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        try:
            return plain.recv(4096)
        except ConnectionResetError:
            return b""


def test_plain_http_leads_to_https_and_nowhere_else(before_script):
    answer = ask_plainly(before_script.http_port, NAME)

    assert answer.startswith(b"HTTP/1.1 301 ")
    assert f"Location: https://{NAME}/a?b=c\r\n".encode() in answer


def test_names_that_are_not_ours_get_nothing(before_script):
    assert ask_plainly(before_script.http_port, "elsewhere.example") == b""
    blind = ssl.create_default_context()
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(ssl.SSLError):
        before_script.tls("elsewhere.example", blind)
    assert before_script.ask("/", headers={"Host": "elsewhere.example"}).status == 421


def test_tls_is_modern(before_script):
    modern = before_script.context()
    modern.set_alpn_protocols(["h2", "http/1.1"])
    with before_script.tls(context=modern) as connection:
        assert connection.version() == "TLSv1.3"
        assert connection.selected_alpn_protocol() == "h2"
    older = before_script.context()
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with before_script.tls(context=older) as connection:
        assert connection.cipher()[0].startswith("ECDHE-")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(before_script):
    oldest = before_script.context()
    oldest.set_ciphers("ALL:@SECLEVEL=0")
    oldest.minimum_version = ssl.TLSVersion.TLSv1
    oldest.maximum_version = ssl.TLSVersion.TLSv1_1

    with pytest.raises((ssl.SSLError, ConnectionError)):
        before_script.tls(context=oldest)


# --- What is held back.


def test_a_visitor_sends_little_and_an_editor_a_table(before_script, script):
    assert before_script.ask("/report/", "POST", body="x" * (2**20 + 1)).status == 413
    assert before_script.ask("/desk/import/", "POST", body="x" * 25 * 2**20).status == 200
    assert before_script.ask("/desk/import/", "POST", body="x" * 27 * 2**20).status == 413


def test_huge_headers_are_refused(before_script):
    assert before_script.ask("/", headers={"Cookie": "x" * 20000}).status == 400
    assert before_script.ask("/?" + "x" * 20000).status == 414


def test_who_tries_passwords_or_floods_the_search_is_told_to_wait(script, tmp_path):
    def many(path, method="GET"):
        def one(number):
            return made.ask(f"{path}?q={number}", method).status

        with ThreadPoolExecutor(8) as crowd:
            return list(crowd.map(one, range(70)))

    with proxy(tmp_path, script.address) as made:
        log_ins = [made.ask("/desk/login/", "POST").status for _ in range(14)]
        searches, pages = many("/fr/search/"), many("/events/")
        posts = many("/report/", "POST")

    assert log_ins[:10] == [200] * 10
    assert log_ins[-2:] == [429, 429]
    assert searches.count(200) >= 40
    assert searches.count(429) >= 5
    assert set(pages) == {200}
    assert posts.count(200) >= 25  # The log-ins before took some.
    assert posts.count(429) >= 5


# --- Files.


def test_media_are_shown_as_pictures_or_saved_and_run_nothing(before_script, script):
    script.answers["/media/a.webp"] = (200, PUBLIC | {"Content-Type": "image/webp"}, "picture")
    script.answers["/media/a.html"] = (200, PUBLIC | {"Content-Type": "text/html"}, "<script>")
    script.answers["/media/a.svg"] = (200, PUBLIC | {"Content-Type": "image/svg+xml"}, "<svg>")
    script.answers["/media/none"] = (404, {"Content-Type": "text/html"}, "none")

    used = {
        name: before_script.ask(f"/media/{name}").headers for name in ["a.webp", "a.html", "a.svg"]
    }
    assert used["a.webp"]["Content-Disposition"] == "inline"
    assert used["a.html"]["Content-Disposition"] == "attachment"
    assert used["a.svg"]["Content-Disposition"] == "attachment"
    assert all("sandbox" in headers["Content-Security-Policy"] for headers in used.values())
    assert before_script.ask("/media/none").headers["Content-Disposition"] is None


def test_static_files_come_from_nginx_compressed_and_for_good(before_site):
    home = before_site.ask("/").text
    sheet = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', home)[1]

    answer = before_site.ask(sheet, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    on_disk = (ROOT / "staticfiles" / sheet.removeprefix("/static/")).read_bytes()
    assert gzip.decompress(answer.text.encode("latin-1")) == on_disk
    assert before_site.ask(sheet).text.encode("latin-1") == on_disk


def test_a_static_file_without_a_hash_is_kept_a_minute_only(site, tmp_path):
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "plain.css").write_text("p { margin: 0 }")
    with proxy(tmp_path, f"127.0.0.1:{site}", static_root=folder) as made:
        answer = made.ask("/static/plain.css", headers={"Host": NAME})

    assert answer.text == "p { margin: 0 }"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path", ["/static/", "/static/css/", "/static/../manage.py", "/static../manage.py", "/media/"]
)
def test_folders_are_not_listed_and_not_left(before_site, path):
    answer = before_site.ask(path)

    assert answer.status in {400, 403, 404}
    assert "Index of" not in answer.text


def test_a_file_that_nginx_has_not_is_asked_of_the_site(site, tmp_path):
    with proxy(tmp_path, f"127.0.0.1:{site}", static_root=tmp_path / "none") as made:
        icon = made.ask("/static/img/favicon.ico", headers={"Host": NAME})

    assert icon.status in {200, 400}  # 400: the site of the other tests knows no such host.
    assert f"127.0.0.1:{site}" in made.log()


# --- The site behind it.


def test_the_site_knows_that_it_is_on_https(before_site):
    home = before_site.ask("/")

    assert home.status == 200
    assert home.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert home.headers["Server"] == "nginx"
    form = before_site.ask("/desk/login/")
    assert "Secure" in form.headers["Set-Cookie"]
    assert form.headers["Cache-Control"].endswith("private") or "no-store" in str(form.headers)


def test_health_is_asked_of_the_site_each_time(before_site):
    answers = [before_site.ask("/healthz") for _ in range(3)]

    assert {(answer.status, answer.text) for answer in answers} == {(200, "ok\n")}


def test_pages_of_the_site_are_kept_and_those_of_the_desk_are_not(before_site):
    for path in ["/about/", "/desk/login/"]:
        for _ in range(5):
            before_site.ask(path)

    kept = [line.split() for line in before_site.log().splitlines() if '"GET /about/' in line]
    desk = [line.split() for line in before_site.log().splitlines() if '"GET /desk/' in line]
    assert any(line[-2] == "HIT" for line in kept)
    assert {line[-2] for line in desk} == {"-"}


# Last, because it waits longest: the clients of `slow` have been silent since the first test.
def test_who_stops_in_mid_sentence_is_cut_off(slow):
    in_headers, in_body = slow
    for connection in (in_headers, in_body):
        connection.settimeout(20)
        try:
            answer = connection.recv(4096)
        except ConnectionResetError:
            answer = b""
        assert answer == b"" or b" 408 " in answer
