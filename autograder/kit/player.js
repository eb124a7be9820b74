for (const play of document.querySelectorAll(".play:not(.live)")) {
  play.classList.add("live");
  const controls = play.querySelector(".play-controls");
  if (!controls) continue;
  const slider = controls.querySelector("input"), count = controls.querySelector("output");
  const status = controls.querySelector("[role=status]");
  const button = name => controls.querySelector(`[data-do=${name}]`);
  const rows = [...play.querySelectorAll("tbody")], last = rows.length - 1;
  const parts = [...play.querySelectorAll("[data-from]")].map(
    part => [part, Number(part.dataset.from), Number(part.dataset.to)]);
  // else JupyterLab takes the arrow keys: it asks the element in focus before those around it
  for (const each of play.querySelectorAll("button, input, [tabindex]")) each.dataset.lmSuppressShortcuts = true;
  let timer = 0;

  const show = (step, said) => {
    step = Math.min(Math.max(step, 0), last);
    slider.value = step;
    count.textContent = `${step + 1} of ${last + 1}`;
    for (const [part, from, to] of parts) part.classList.toggle("off", step < from || step >= to);
    rows.forEach((row, number) => row.classList.toggle("now", number === step));
    const says = rows[step].rows[0].textContent;
    slider.setAttribute("aria-valuetext", says);
    if (said) status.textContent = [...rows[step].rows].map(row => row.textContent).join(" ");
    for (const [name, end] of [["back", 0], ["on", last]]) {
      const pressed = document.activeElement === button(name);
      button(name).disabled = step === end;
      if (pressed && step === end) slider.focus(); // else the keys would reach nobody
    }
    for (const view of play.querySelectorAll(".play-view")) {
      const active = view.querySelector(".active:not(.off)");
      if (!active || view.scrollWidth <= view.clientWidth) continue;
      const [a, v] = [active.getBoundingClientRect(), view.getBoundingClientRect()];
      view.scrollLeft += (a.left + a.right - v.left - v.right) / 2;
    }
  };
  const go = step => { stop(); show(step, true); };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button("run").textContent = "Play";
  };
  const run = () => {
    if (timer) return stop();
    if (Number(slider.value) === last) show(0);
    button("run").textContent = "Pause";
    timer = setInterval(() => {
      show(Number(slider.value) + 1);
      if (Number(slider.value) === last) stop();
    }, 1200);
  };
  const all = () => {
    const open = play.classList.toggle("open");
    button("all").setAttribute("aria-expanded", open);
  };
  const acts = { back: () => go(Number(slider.value) - 1), on: () => go(Number(slider.value) + 1), run, all };
  for (const name in acts) button(name).addEventListener("click", acts[name]);
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("keydown", event => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last }[event.key];
    if (!steps || event.target === slider || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(Number(slider.value) + steps);
  });
  controls.hidden = false;
  show(Number(play.dataset.start));
}
