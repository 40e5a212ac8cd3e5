// The script of the HTML report: search, zoom, the explorer. No library; nothing is fetched. It is inside of CDATA, so
// it may not hold what ends that.
#include "report/html_sections.h"

namespace lastack {

const char* const html_script = R"js(
"use strict";
document.documentElement.classList.add("scripted");
const element = id => document.getElementById(id);
const make = (tag, text, parent) => {
  const one = document.createElement(tag);
  if (text !== undefined) one.textContent = text;
  if (parent) parent.append(one);
  return one;
};

// A claim or a vector is opened when the address names it.
function openNamed() {
  const named = /^#(claim|vector)-/.test(location.hash) && element(location.hash.slice(1));
  if (named) { named.open = true; named.scrollIntoView(); }
}

// Search in a list of claims or vectors.
for (const section of document.querySelectorAll("#claims, #vectors")) {
  const line = make("p");
  line.className = "search";
  const label = make("label", "Search ", line), input = make("input", undefined, label);
  input.type = "search";
  section.querySelector(".filter").after(line);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const item of section.querySelectorAll(".item"))
      item.classList.toggle("missed", !item.querySelector("summary").textContent.toLowerCase().includes(wanted));
  });
}

// Zoom by buttons and keys.
for (const box of document.querySelectorAll(".zoom")) {
  const picture = box.querySelector("svg"), width = picture.width.baseVal.value, height = picture.height.baseVal.value;
  let scale = 1;
  const zoom = factor => {
    scale = factor === 0 ? Math.min(1, box.clientWidth / width) : Math.min(4, Math.max(0.2, scale * factor));
    picture.setAttribute("width", width * scale);
    picture.setAttribute("height", height * scale);
  };
  const line = make("p");
  line.className = "controls";
  box.before(line);
  for (const [name, factor] of [["Larger (+)", 1.25], ["Smaller (-)", 0.8], ["Fit (0)", 0]]) {
    const button = make("button", name, line);
    button.type = "button";
    button.addEventListener("click", () => zoom(factor));
  }
  box.addEventListener("keydown", event => {
    const factor = { "+": 1.25, "-": 0.8, "0": 0 }[event.key];
    if (factor !== undefined) { zoom(factor); event.preventDefault(); }
  });
  zoom(0);
}

// ---- the explorer: where it is, is the system and the numbers of the steps that were taken.
function explorer(data) {
  const text = number => data.texts[number];
  let system = 0, taken = [], run = null;

  const stateName = words => words.split(" ")[0].replaceAll("_", "-");
  // The states along the walk, the initial one first.
  const states = () => {
    const all = [0];
    for (const step of taken) all.push(data.systems[system].next[all[all.length - 1]][step][2]);
    return all;
  };
  const address = () => "#explore=" + data.systems[system].name + "/" + taken.join(".");
  const planned = () => run !== null && run.system === system && taken.length !== run.steps.length &&
    taken.every((step, i) => step === run.steps[i]) ? run.steps[taken.length] : -1;

  function show(remember) {
    const along = states(), here = along[along.length - 1], at = data.systems[system];
    element("walk-system").value = system;
    element("walk-run").value = run === null ? "" : run.claim;
    at.states[here].forEach((part, i) => {
      element(["walk-a", "walk-b", "walk-ab", "walk-ba"][i]).textContent = text(part) || "nothing";
    });
    const list = element("walk-next"), plan = planned();
    list.replaceChildren();
    at.next[here].forEach(([label, rules, to], i) => {
      const button = make("button", text(label), make("li", undefined, list));
      if (text(rules)) make("small", " by " + text(rules), button);
      button.type = "button";
      if (i === plan) button.classList.add("planned");
      button.disabled = to === -1;
      if (to === -1) make("small", " (leads out of what is embedded)", button.parentNode);
      button.addEventListener("click", () => take(i));
    });
    if (at.next[here].length === 0) make("li", "nothing: this is an end", list);
    const past = element("walk-past");
    past.replaceChildren();
    along.forEach((state, i) => {
      const row = make("tr", undefined, past), what = i === 0 ? "the beginning"
        : text(at.next[along[i - 1]][taken[i - 1]][0]);
      make("td", String(i), row);
      const back = make("button", what, make("td", undefined, row));
      back.type = "button";
      back.addEventListener("click", () => { taken.length = i; show(true); });
      for (const end of [0, 1]) make("td", stateName(text(at.states[state][end])), row);
    });
    element("walk-undo").disabled = taken.length === 0;
    element("walk-restart").disabled = taken.length === 0;
    element("walk-along").disabled = plan === -1;
    const ends = [0, 1].map(end => stateName(text(at.states[here][end])));
    const loop = run !== null && run.loop >= 0 ? ` From step ${run.loop + 1} on this run repeats for ever.` : "";
    element("walk-told").textContent = `Step ${taken.length} in ${at.name}: A is in ${ends[0]}, B in ${ends[1]}.` +
      (run === null ? "" : ` The run shows ${run.claim}: ${run.said}.` + loop);
    if (remember) history.replaceState(null, "", address());
  }
  function take(step) { taken.push(step); show(true); }
  function go(to, steps, along) { system = to; taken = steps; run = along; show(true); }

  // "#explore=polite/0.3.1", or the name of a claim: its run from the beginning.
  function read() {
    if (!location.hash.startsWith("#explore=")) return false;
    const [name, path] = decodeURIComponent(location.hash.slice(9)).split("/");
    const claimed = data.runs.find(one => one.claim === name), named = data.systems.findIndex(one => one.name === name);
    const steps = [];
    if (named === -1 && claimed === undefined) return false;
    if (path === undefined && claimed !== undefined) {
      go(claimed.system, [], claimed);
    } else {
      let here = 0;
      for (const word of (path || "").split(".").filter(one => one !== "")) {
        const step = data.systems[named].next[here][Number(word)];
        if (step === undefined || step[2] === -1) break;
        steps.push(Number(word));
        here = step[2];
      }
      go(named, steps, null);
    }
    element("explorer").scrollIntoView();
    return true;
  }

  data.systems.forEach((one, i) => {
    const option = make("option", one.name + (one.title ? ": " + one.title : ""), element("walk-system"));
    option.value = i;
  });
  make("option", "none", element("walk-run")).value = "";
  for (const one of data.runs)
    make("option", one.claim + ": " + one.said, element("walk-run")).value = one.claim;
  element("walk-system").addEventListener("change", event => go(Number(event.target.value), [], null));
  element("walk-run").addEventListener("change", event => {
    const along = data.runs.find(one => one.claim === event.target.value);
    go(along ? along.system : system, along ? [] : taken, along || null);
  });
  element("walk-along").addEventListener("click", () => { if (planned() !== -1) take(planned()); });
  element("walk-undo").addEventListener("click", () => { taken.pop(); show(true); });
  element("walk-restart").addEventListener("click", () => { taken = []; show(true); });
  if (!read()) show(false);
  return read;
}
const data = element("walk-data");
const explore = data ? explorer(JSON.parse(data.textContent)) : () => false;
window.addEventListener("hashchange", () => { if (!explore()) openNamed(); });
openNamed();
)js";

}  // namespace lastack
