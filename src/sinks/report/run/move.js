
// Mouse, touch and keys on the map.
function listenToMap() {
  const placeIn = (event) => {
    const { left, top } = map.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  // What lies under the pointer: a site, incidents, a cluster of them, or a receptor.
  const under = (event) => {
    const mark = event.target.closest(".mark");
    if (mark) return mark.dataset.site ? { site: Number(mark.dataset.site) } : { gathered: gatherings[Number(mark.dataset.gathered)] };
    const at = placeIn(event);
    const site = dotAt(...at);
    if (site >= 0) return { site };
    const cluster = clusterAt(...at);
    if (cluster) return { cluster };
    const events = eventsAt(...at);
    if (events.length) return { events };
    const receptor = receptorAt(...at);
    return receptor >= 0 ? { receptor } : {};
  };
  const explain = (event) => {
    const { site, gathered, events, cluster, receptor } = under(event);
    map.classList.toggle("over", Boolean(events || cluster || receptor >= 0));
    if (site >= 0) tip(site);
    else if (gathered) popup(onScreen(gathered.at), gatheredTip(gathered));
    else if (events) popup(onScreen(EVENT_PLACES[events[0]]), eventTip(events));
    else if (cluster) popup(cluster.at, clusterTip(cluster));
    else if (receptor >= 0) popup(placeIn(event), receptorTip(receptor));
    else popup();
  };
  const pointers = new Map();
  let moved = 0;
  map.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button")) return;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = 0;
  });
  map.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      explain(event);
      return;
    }
    const now = [event.clientX, event.clientY];
    const other = [...pointers].find(([id]) => id !== event.pointerId);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (moved > 4 && !map.hasPointerCapture(event.pointerId)) map.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, now);
    map.classList.add("moving");
    if (other) {
      const { left, top } = map.getBoundingClientRect();
      const apart = (place) => Math.max(1, Math.hypot(place[0] - other[1][0], place[1] - other[1][1]));
      zoomAt(apart(now) / apart(before), (now[0] + other[1][0]) / 2 - left, (now[1] + other[1][1]) / 2 - top);
      move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    } else if (moved > 4) {
      tip(-1);
      move(now[0] - before[0], now[1] - before[1]);
    }
  });
  const ended = (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) map.classList.remove("moving");
  };
  map.addEventListener("pointerup", ended);
  map.addEventListener("pointercancel", ended);
  map.addEventListener("pointerleave", () => tip(-1));
  map.addEventListener("click", (event) => {
    if (moved > 4 || event.target.closest("button")) return;
    const { site, gathered, events, cluster, receptor } = under(event);
    if (site >= 0) choose(site, false);
    else if (gathered) openGathered(gathered, false);
    else if (events) look({ events });
    else if (cluster) openCluster(cluster);
    else if (receptor >= 0) look({ receptor });
  });
  map.addEventListener("dblclick", (event) => {
    if (event.target.closest("button")) return;
    const { left, top } = map.getBoundingClientRect();
    zoomAt(2, event.clientX - left, event.clientY - top);
  });
  let hidden = 0;
  map.addEventListener("wheel", (event) => {
    // The wheel scrolls the page unless the map has the focus.
    if (!event.ctrlKey && !map.contains(document.activeElement)) {
      byId("hint").classList.add("shown");
      clearTimeout(hidden);
      hidden = setTimeout(() => byId("hint").classList.remove("shown"), 1200);
      return;
    }
    event.preventDefault();
    const { left, top } = map.getBoundingClientRect();
    zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.clientX - left, event.clientY - top);
  }, { passive: false });
  map.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".mark");
    const arrows = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (mark && arrows[event.key]) {
      const list = markList();
      const next = list[list.indexOf(mark) + (event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1)];
      if (next) focusMark(next);
    } else if (mark && (event.key === "Enter" || event.key === " ")) {
      if (mark.dataset.site) choose(Number(mark.dataset.site), true);
      else openGathered(gatherings[Number(mark.dataset.gathered)], true);
    } else if (arrows[event.key] && event.target === map) move(...arrows[event.key]);
    else if (event.key === "+" || event.key === "=") zoomAt(1.5);
    else if (event.key === "-") zoomAt(1 / 1.5);
    else if (event.key === "0") home();
    else return;
    event.preventDefault();
  });
  map.addEventListener("focusin", (event) => {
    const mark = event.target.closest(".mark");
    if (!mark) return;
    const at = onScreen(placeOfMark(mark));
    const told = () => {
      const one = gatherings[Number(mark.dataset.gathered)];
      if (mark.dataset.site) tip(Number(mark.dataset.site));
      else if (one) popup(onScreen(one.at), gatheredTip(one));
    };
    if (!inFrame(at, -20)) {
      move(camera.width / 2 - at[0], camera.height / 2 - at[1]);
      requestAnimationFrame(() => requestAnimationFrame(told));
    } else told();
  });
  map.addEventListener("focusout", () => tip(-1));
  byId("zoom-in").addEventListener("click", () => zoomAt(1.6));
  byId("zoom-out").addEventListener("click", () => zoomAt(1 / 1.6));
  byId("zoom-home").addEventListener("click", home);
  new ResizeObserver(measure).observe(map);
}
