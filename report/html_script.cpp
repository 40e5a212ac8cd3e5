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

// What it walks through, from a part of the graph that is embedded: systems, and state(system, number), which is
// { texts: [A, B, on its way to B, on its way to A], next: [[what happens, rules, state], ...] }.
function embeddedGraph(data) {
  const text = number => data.texts[number];
  return {
    specs: [],
    systems: data.systems,
    state: (system, number) => ({
      texts: data.systems[system].states[number].map(text),
      next: data.systems[system].next[number].map(([what, rules, to]) => [text(what), text(rules), to]),
    }),
  };
}

// The same from the model itself, which has every state, and can count them.
async function modelGraph(data) {
  const model = await lastackModel();
  for (const [name, text] of data.files) model.add(name, text);
  const graph = { specs: data.specs, state: model.state, count: model.count };
  graph.open = spec => { graph.systems = model.read(spec.file, spec.subject, spec.settings).systems; };
  return graph;
}

function explorer(data, graph) {
  // path: { step, texts, next } of each state from the initial one on; step: the number of the one that led there.
  let spec = 0, system = 0, path = [], run = null, trouble = "";

  const stateName = words => words.split(" ")[0].replaceAll("_", "-");
  const here = () => path[path.length - 1];
  const taken = () => path.slice(1).map(one => one.step);
  const address = () => "#explore=" + (graph.specs.length > 1 ? graph.specs[spec].name + ":" : "") +
    graph.systems[system].name + "/" + taken().join(".");
  const planned = () => run !== null && run.system === graph.systems[system].name && path.length <= run.steps.length &&
    taken().every((step, i) => step === run.steps[i]) ? run.steps[path.length - 1] : -1;

  function showSteps() {
    const list = element("walk-next"), plan = planned();
    list.replaceChildren();
    here().next.forEach(([what, rules, to], i) => {
      const button = make("button", what, make("li", undefined, list));
      if (rules) make("small", " by " + rules, button);
      button.type = "button";
      if (i === plan) button.classList.add("planned");
      button.disabled = to === -1;
      if (to === -1) make("small", " (leads out of what is embedded)", button.parentNode);
      button.addEventListener("click", () => { if (take(i)) focusFirst(); });
    });
    if (here().next.length === 0) make("li", "nothing: this is an end", list);
    element("walk-along").disabled = plan === -1;
  }
  function showPast() {
    const past = element("walk-past");
    past.replaceChildren();
    path.forEach((state, i) => {
      const row = make("tr", undefined, past);
      const what = i === 0 ? "the beginning" : path[i - 1].next[state.step][0];
      make("td", String(i), row);
      const back = make("button", what, make("td", undefined, row));
      back.type = "button";
      back.addEventListener("click", () => { backTo(i); focusFirst(); });
      for (const end of [0, 1]) make("td", stateName(state.texts[end]), row);
    });
    for (const button of ["walk-undo", "walk-restart"]) element(button).disabled = path.length === 1;
  }
  function show(remember) {
    element("walk-spec").value = spec;
    element("walk-system").value = system;
    element("walk-run").value = run === null ? "" : run.claim;
    here().texts.forEach((text, i) => {
      element(["walk-a", "walk-b", "walk-ab", "walk-ba"][i]).textContent = text || "nothing";
    });
    showSteps();
    showPast();
    const ends = [0, 1].map(end => stateName(here().texts[end]));
    const loop = run !== null && run.loop >= 0 ? ` From step ${run.loop + 1} on this run repeats for ever.` : "";
    element("walk-told").textContent = trouble +
      `Step ${path.length - 1} in ${graph.systems[system].name}: A is in ${ends[0]}, B in ${ends[1]}.` +
      (run === null ? "" : ` The run shows ${run.claim}: ${run.said}.` + loop);
    trouble = "";
    if (remember) history.replaceState(null, "", address());
  }
  // The list that had the focus is another one now.
  function focusFirst() {
    const first = element("walk-next").querySelector("button:enabled") || element("walk-undo");
    first.focus({ preventScroll: true });
  }
  // Where the model breaks its own declarations, the walk stays where it was.
  function add(step, number) {
    try {
      path.push({ step, ...graph.state(system, number) });
    } catch (error) {
      trouble = error.message + " ";
    }
    return trouble === "";
  }
  function follow(step) {
    const next = here().next[step];
    return next !== undefined && next[2] !== -1 && add(step, next[2]);
  }
  function take(step) {
    const done = follow(step);
    show(done);
    return done;
  }
  function backTo(place) { path.length = place + 1; show(true); }
  // As many of the steps as there are.
  function go(to, steps, along) {
    const before = [system, path];
    [system, path, run] = [to, [], along];
    if (add(-1, 0)) steps.every(follow);
    else [system, path] = before;
    element("walk-counted").textContent = "";
    show(true);
  }
  function open(number) {
    spec = number;
    if (graph.open) graph.open(graph.specs[spec]);
    element("walk-system").replaceChildren();
    graph.systems.forEach((one, i) => {
      make("option", one.name + (one.title ? ": " + one.title : ""), element("walk-system")).value = i;
    });
  }
  const systemNamed = name => graph.systems.findIndex(one => one.name === name);

  // "#explore=polite/0.3.1", where there are several specs "#explore=linux:polite/0.3.1"; or the name of a claim: its
  // run from the beginning.
  function read() {
    if (!location.hash.startsWith("#explore=")) return false;
    const [name, steps] = decodeURIComponent(location.hash.slice(9)).split("/");
    const claimed = data.runs.find(one => one.claim === name), parts = name.split(":");
    const inSpec = graph.specs.findIndex(one => parts.length > 1 && one.name === parts[0]);
    if (inSpec !== -1 && inSpec !== spec) open(inSpec);
    const named = systemNamed(parts[parts.length - 1]);
    if (steps === undefined && claimed !== undefined) go(systemNamed(claimed.system), [], claimed);
    else if (named !== -1) go(named, (steps || "").split(".").filter(one => one !== "").map(Number), null);
    else return false;
    element("explorer").scrollIntoView();
    return true;
  }

  // In parts, so that the page answers meanwhile; who is read to hears only the end.
  function count() {
    const began = performance.now(), counted = system, of = graph.systems[system], told = element("walk-counted");
    const most = 2000000, grouped = number => number.toLocaleString("en");
    element("walk-count").disabled = true;
    told.setAttribute("aria-busy", "true");
    (function more() {
      const still = graph.systems[system] === of;
      const found = still ? graph.count(counted, 20000) : null, ended = !still || found.complete || found.states > most;
      if (still) told.textContent = `${of.name}: ${grouped(found.states)} states, ` +
        `${grouped(found.transitions)} transitions, depth ${found.depth}` +
        (found.complete ? `: all of them, in ${((performance.now() - began) / 1000).toFixed(1)} s` : " so far");
      if (!ended) { setTimeout(more); return; }
      element("walk-count").disabled = false;
      told.removeAttribute("aria-busy");
    })();
  }

  for (const one of graph.specs) make("option", one.name, element("walk-spec")).value = graph.specs.indexOf(one);
  make("option", "none", element("walk-run")).value = "";
  for (const one of data.runs)
    make("option", one.claim + ": " + one.said, element("walk-run")).value = one.claim;
  element("walk-specs").hidden = graph.specs.length < 2;
  for (const part of ["walk-runs", "walk-along"]) element(part).hidden = data.runs.length === 0;
  element("walk-size").hidden = !graph.count;
  element("walk-spec").addEventListener("change", event => { open(Number(event.target.value)); go(0, [], null); });
  element("walk-system").addEventListener("change", event => go(Number(event.target.value), [], null));
  element("walk-run").addEventListener("change", event => {
    const along = data.runs.find(one => one.claim === event.target.value);
    if (along) go(systemNamed(along.system), [], along);
    else { run = null; show(true); }
  });
  element("walk-along").addEventListener("click", () => { if (planned() !== -1) take(planned()); });
  element("walk-undo").addEventListener("click", () => { if (path.length > 1) backTo(path.length - 2); });
  element("walk-restart").addEventListener("click", () => backTo(0));
  element("walk-count").addEventListener("click", count);
  open(0);
  if (!add(-1, 0)) throw new Error(trouble);
  if (!read()) show(false);
  return read;
}

let explore = () => false;
async function startExplorer() {
  const data = element("walk-data") && JSON.parse(element("walk-data").textContent);
  if (!data) return;
  try {
    if (data.files) element("walk-told").textContent = "The model is being loaded.";
    explore = explorer(data, data.files ? await modelGraph(data) : embeddedGraph(data));
  } catch (error) {
    element("walk-told").textContent = "The explorer does not run here. " + error.message;
  }
}
const explorerStarted = startExplorer();
window.addEventListener("hashchange", () => { if (!explore()) openNamed(); });
openNamed();
)js";

}  // namespace lastack
