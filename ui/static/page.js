/* The core of the page: asking, the proof panel, links, theme. Data is only ever cloned or set as text. */
(() => {
  "use strict";
  if (window.wenbao) return;
  const WIDE = window.matchMedia("(min-width: 1200px)");
  const THEME = "wenbao-theme";
  let opener = null; // the button that opened the panel: focus goes back to it
  let shownKey = ""; // of the citation in the panel
  let unwanted = false; // the panel was closed by hand: it does not open by itself again

  const $ = (selector, root = document) => root.querySelector(selector);
  const stored = (key) => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  const store = (key, value) => {
    try { localStorage.setItem(key, value); } catch { /* private window: it is forgotten */ }
  };

  // ---- saying and copying

  let quietAt = 0;
  function toast(message) {
    const place = $("#wb-toast");
    if (!place) return;
    place.textContent = message;
    place.classList.add("wb-on");
    clearTimeout(quietAt);
    quietAt = setTimeout(() => place.classList.remove("wb-on"), 2600);
  }

  const said = (key) => {
    const place = $("#wb-toast");
    return place ? JSON.parse(place.dataset.said)[key] || "" : "";
  };

  async function copy(text, message = said("copied")) {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch { // an address without https that is not this computer's
      done = copyOldWay(text);
    }
    toast(done ? message : said("not_copied"));
    return done;
  }

  function copyOldWay(text) {
    const before = document.activeElement;
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "wb-offscreen";
    document.body.append(box);
    box.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* said by the caller */ }
    box.remove();
    before?.focus?.({ preventScroll: true });
    return done;
  }

  // ---- the proof panel

  const panel = () => $("#proof");
  const template = (key) => $(`template[data-proof="${CSS.escape(key)}"]`);

  function openProof(key, from, focus = true) {
    const held = template(key);
    const aside = panel();
    if (!held || !aside) return;
    if (from && !aside.contains(from)) opener = from;
    const place = $("#wb-proof");
    place.replaceChildren(held.content.cloneNode(true));
    aside.hidden = false;
    document.body.classList.add("wb-proof-open");
    shownKey = key;
    for (const button of document.querySelectorAll("[data-cite]")) {
      button.classList.toggle("wb-current", button.dataset.cite === key && !aside.contains(button));
    }
    const body = $(".wb-proof-text", place);
    const here = $(".wb-quote", place) || $(".wb-here", place);
    if (body && here) {
      body.scrollTop = 0;
      const gap = here.getBoundingClientRect().top - body.getBoundingClientRect().top;
      body.scrollTop = Math.max(0, gap - body.clientHeight / 3);
    }
    if (focus) $("h2", place)?.focus({ preventScroll: true });
  }

  function closeProof(focusBack = true) {
    const aside = panel();
    if (!aside || aside.hidden) return false;
    aside.hidden = true;
    document.body.classList.remove("wb-proof-open");
    for (const button of document.querySelectorAll(".wb-current")) button.classList.remove("wb-current");
    const back = opener?.isConnected ? opener : $(`[data-cite="${CSS.escape(shownKey)}"]`) || $("#wb-question textarea");
    shownKey = "";
    if (focusBack) back?.focus({ preventScroll: true });
    return true;
  }

  // ---- asking

  function ask(question) {
    const box = $("#wb-question textarea, #wb-question input");
    if (!box) return;
    const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set;
    set.call(box, question); // as if typed: the framework listens to the event
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus({ preventScroll: true });
    requestAnimationFrame(() =>
      box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true, cancelable: true })),
    );
  }

  let lastKey = "";
  let waiting = false; // the last card, for the model
  function threadChanged() {
    const thread = $("#wb-thread .wb-thread");
    document.body.classList.toggle("wb-talking", Boolean(thread));
    if (thread) document.documentElement.classList.remove("wb-restoring");
    if (!thread) {
      if (lastKey) {
        lastKey = "";
        history.replaceState(history.state, "", location.pathname + switched());
        closeProof(false);
        window.scrollTo(0, 0);
        $("#wb-question textarea")?.focus({ preventScroll: true });
      }
      return;
    }
    const card = thread.lastElementChild;
    const came = card && card.dataset.key !== lastKey;
    if (!came && !(card && waiting && !("waiting" in card.dataset))) return;
    const restored = !lastKey;
    lastKey = card.dataset.key;
    waiting = "waiting" in card.dataset;
    history.replaceState(history.state, "", location.pathname + thread.dataset.link);
    if (!waiting) showFirst(card);
    if (!came) return; // what the model said is where the reader is already
    const calm = restored || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: thread.children.length > 1 ? "start" : "nearest", behavior: calm ? "auto" : "smooth" });
  }

  /** The first source of an answer in the panel, where there is room for it. */
  function showFirst(card) {
    const first = $("template[data-proof]", card)?.dataset.proof;
    const open = panel() && !panel().hidden;
    const answered = !card.classList.contains("wb-untold");
    if (first && answered && (open || (WIDE.matches && !unwanted))) {
      openProof(first, null, false); // focus stays in the question box
      opener = $(`[data-cite="${CSS.escape(first)}"]`, card);
    } else if (open) {
      closeProof(false);
    }
  }

  /** Where nothing is asked yet, the address says only how the switch of the model stands. */
  function switched() {
    const on = $("#wb-llm input");
    return on ? `?llm=${on.checked ? 1 : 0}` : "";
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest?.("#wb-llm") && !lastKey) {
      history.replaceState(history.state, "", location.pathname + switched());
    }
  });

  // ---- theme and language

  const wanted = () => stored(THEME) || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  function applyTheme() {
    const dark = wanted() === "dark";
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }

  // ---- events

  document.addEventListener("click", (event) => {
    const hit = event.target.closest?.("[data-cite], [data-close-proof], [data-ask], [data-copy-link], [data-theme], a[data-lang], [role=tab]");
    if (!hit || hit.disabled) return;
    if (hit.matches("[data-cite]")) {
      unwanted = false;
      openProof(hit.dataset.cite, hit);
    } else if (hit.matches("[data-close-proof]")) {
      unwanted = true;
      closeProof();
    } else if (hit.matches("[data-ask]")) {
      ask(hit.textContent.trim());
    } else if (hit.matches("[data-copy-link]")) {
      copy(location.origin + location.pathname + hit.dataset.copyLink, said("link_copied"));
    } else if (hit.matches("[data-theme]")) {
      store(THEME, document.body.classList.contains("dark") ? "light" : "dark");
      applyTheme();
    } else if (hit.matches("a[data-lang]")) {
      hit.href = hit.getAttribute("href").split("?")[0] + location.search;
    } else {
      closeProof(false);
    }
  });

  // One Escape closes one thing: an open list of choices goes first. Asked before the list itself acts on the key.
  // Tab is kept from the list, which would open again behind the reader, and does not lead into it: leaving closes it.
  let choosing = false;
  document.addEventListener("keydown", (event) => {
    const open = Boolean(event.target.closest?.('[role="combobox"][aria-expanded="true"]'));
    choosing = event.key === "Escape" && open;
    if (event.key !== "Tab" || !open) return;
    event.stopImmediatePropagation();
    for (const list of document.querySelectorAll('[role="listbox"]')) list.tabIndex = -1; // one that scrolls takes focus
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !choosing && !event.defaultPrevented && !event.isComposing && closeProof()) {
      unwanted = true;
      event.preventDefault();
    }
  });

  // Enter that only accepts what an input method offers does not send the question.
  for (const kind of ["keydown", "keypress"]) {
    document.addEventListener(kind, (event) => {
      if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
    }, true);
  }

  function start() {
    applyTheme();
    new MutationObserver(applyTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    let heard = null;
    const look = () => {
      const words = $("#wb-toast");
      if (words) document.documentElement.lang = words.dataset.lang === "en" ? "en" : "zh-CN";
      const place = $("#wb-thread");
      if (place && place !== heard) {
        heard = place;
        place.setAttribute("aria-live", "polite");
        new MutationObserver(threadChanged).observe(place, { childList: true, subtree: true });
        threadChanged();
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    look();
  }

  if (new URLSearchParams(location.search).has("q")) {
    document.documentElement.classList.add("wb-restoring"); // no welcome flashes by before the answers
    setTimeout(() => document.documentElement.classList.remove("wb-restoring"), 5000);
  }
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);

  window.wenbao = { ask, copy, toast, openProof, closeProof };
})();
