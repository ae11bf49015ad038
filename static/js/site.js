// Small comforts; every page works without them.

// "Copy" beside a citation.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.done;
  });
}

// The zone a reader chose stays in this browser: remembered once the site has accepted it.
function chosenZone() {
  try {
    const box = document.querySelector("#tz");
    if (box?.value) localStorage.setItem("zone", box.value);
    else if (new URLSearchParams(location.search).has("tz")) localStorage.removeItem("zone");
    const zone = localStorage.getItem("zone");
    new Intl.DateTimeFormat("en", { timeZone: zone ?? undefined });
    return zone ?? undefined;
  } catch {
    return undefined; // No storage, or a zone that this browser does not know.
  }
}

// The reader's own time beside the times of an event, unless it is already shown.
const chosen = chosenZone();
for (const clock of document.querySelectorAll("[data-reader]")) {
  const shown = [...clock.parentElement.querySelectorAll("time[datetime]")];
  const moment = new Date(shown[0].dateTime);
  const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const format = (settings, tongue = lang) => new Intl.DateTimeFormat(tongue, { timeZone: chosen, ...settings });
  const say = (settings) => format(settings).format(moment);
  const zone = chosen ?? format({}).resolvedOptions().timeZone;
  // Swedish writes 2023-09-21 11:10.
  const local = format({ dateStyle: "short", timeStyle: "short" }, "sv").format(moment).replace(" ", "T");
  if (shown.some((time) => time.dateTime.startsWith(local))) continue;
  clock.querySelector("time").dateTime = moment.toISOString();
  clock.querySelector(".hour").textContent = say({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  clock.querySelector(".date").textContent = `${say({ weekday: "long" })} ${say({ dateStyle: "long" })}`;
  clock.querySelector(".offset").textContent = zone.split("/").pop().replaceAll("_", " ");
  clock.classList.toggle("other-day", !shown[0].dateTime.startsWith(local.slice(0, 10)));
  clock.hidden = false;
}

// Titles of records under a search box, as the reader types.
for (const box of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${box.id}-suggestions`;
  box.after(list);
  box.setAttribute("list", list.id);
  let timer, last;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    last?.abort();
    const text = box.value.trim();
    if (text.length < 2 || [...list.children].some((option) => option.value === text)) return;
    timer = setTimeout(async () => {
      last = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: last.signal });
        if (!answer.ok) return;
        const { suggestions } = await answer.json();
        const titles = [...new Set(suggestions.map((found) => found.title))];
        list.replaceChildren(...titles.map((title) => new Option(title, title)));
      } catch {
        // Too slow, or offline: the box works without.
      }
    }, 150);
  });
}
