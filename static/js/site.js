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

// The reader's own time beside the times of an event, unless it is already shown.
for (const clock of document.querySelectorAll("[data-reader]")) {
  const shown = [...clock.parentElement.querySelectorAll("time[datetime]")];
  const moment = new Date(shown[0].dateTime);
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const format = (settings) => new Intl.DateTimeFormat(lang, settings).format(moment);
  const local = new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  if (shown.some((time) => time.dateTime.startsWith(local))) continue;
  clock.querySelector("time").dateTime = moment.toISOString();
  clock.querySelector(".hour").textContent = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  clock.querySelector(".date").textContent = `${format({ weekday: "long" })} ${format({ dateStyle: "long" })}`;
  clock.querySelector(".offset").textContent = zone.split("/").pop().replaceAll("_", " ");
  clock.classList.toggle("other-day", !shown[0].dateTime.startsWith(local.slice(0, 10)));
  clock.hidden = false;
}
