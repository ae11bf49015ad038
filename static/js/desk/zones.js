// While a local time is typed, says which moment that is elsewhere: in UTC, in the second zone,
// in the editor's own. Without this script the saved form says it too.
"use strict";

const parts = (moment, zone) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric",
    }).formatToParts(moment).map((part) => [part.type, Number(part.value)]),
  );

const wall = (moment, zone) => {
  const p = parts(moment, zone);
  return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute);
};

// The moments at which the clocks of a zone showed a time: none, one or two.
const moments = (shown, zone) => {
  const day = 24 * 3600 * 1000;
  const found = [shown - day, shown + day]
    .map((near) => shown - (wall(near, zone) - near))
    .filter((moment) => wall(moment, zone) === shown);
  return [...new Set(found)].sort((a, b) => a - b);
};

const inWords = (moment, zone, language) => {
  const time = new Intl.DateTimeFormat(language, {
    timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(moment);
  const date = new Intl.DateTimeFormat(language, {
    timeZone: zone, day: "numeric", month: "long", year: "numeric",
  }).format(moment);
  return `${time} ${zone}, ${date}`;
};

const line = document.querySelector(".desk-moment");
const zones = document.getElementById("zones");
const field = (name) => document.getElementById(`id_${name}`)?.value.trim() ?? "";
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

const text = () => {
  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(field("starts_on"));
  const clock = /^(\d{1,2}):(\d{2})/.exec(field("starts_time"));
  const zone = field("zone");
  const names = new Set([...zones.options].map((option) => option.value));
  if (!day || !clock || !names.has(zone) || field("starts_precision") !== "minute") return "";
  const found = moments(Date.UTC(day[1], day[2] - 1, day[3], clock[1], clock[2]), zone);
  if (!found.length) return zones.dataset.skipped;
  if (found.length > 1 && field("fold") === "") return zones.dataset.twice;
  const moment = found[Math.min(Number(field("fold")), found.length - 1)];
  const asked = ["UTC", field("second_zone") || "Asia/Tokyo", zones.dataset.own];
  const shown = [...new Set(asked)].filter((name) => names.has(name));
  return shown.map((name) => inWords(moment, name, language)).join(" · ");
};

if (line && zones && document.getElementById("id_starts_time")) {
  const update = () => {
    const words = text();
    if (line.textContent !== words) line.textContent = words;
  };
  // The calendar and the clock of the admin set values without saying so on every browser.
  for (const event of ["input", "change", "focusin", "click"]) {
    document.addEventListener(event, update);
  }
  update();
}
