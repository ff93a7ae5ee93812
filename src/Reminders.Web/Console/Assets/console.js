// What a page does more where there is a script: it follows what changes, and takes keys. Without it, everything works.
"use strict";
(() => {
    const body = document.body, base = body.dataset.base, topic = body.dataset.topic;
    const store = (key, value) => { try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; } };

    // The page as it is now, merged into the page as it stands: what has the focus, what was typed and what was opened stays.
    const keyOf = (node) => node.nodeType === 1 ? node.id || node.getAttribute("name") && `${node.tagName}:${node.getAttribute("name")}:${node.value ?? ""}` || null : null;
    const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
    const mergeAttributes = (old, fresh) => {
        for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
        for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    };
    const merge = (old, fresh) => {
        let at = old.firstChild;
        for (const wanted of [...fresh.childNodes]) {
            let found = at;
            while (found && !same(found, wanted)) found = found.nextSibling;
            if (!found) { old.insertBefore(document.importNode(wanted, true), at); continue; }
            while (at !== found) { const gone = at; at = at.nextSibling; gone.remove(); }
            at = found.nextSibling;
            if (found.nodeType !== 1) { if (found.data !== wanted.data) found.data = wanted.data; continue; }
            // A field is whoever types into it's.
            if (/^(INPUT|TEXTAREA|SELECT)$/.test(found.nodeName)) continue;
            mergeAttributes(found, wanted);
            merge(found, wanted);
        }
        while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
    };

    const status = document.getElementById("live"), say = document.getElementById("say");
    let source = null, wait = 500, last = Date.now(), pointer = false, pending = false, asking = false, stale = false, over = false, asOf = null, asked = null;
    const show = (live) => {
        if (!status) return;
        status.dataset.live = live;
        status.textContent = over ? status.dataset.over : live ? status.dataset.on : status.dataset.off.replace("{0}", asOf ?? "?");
    };
    // Whoever reads or is about to press is not moved: what is new above that row waits until it is asked for.
    const fresher = document.getElementById("new");
    const hold = (fresh) => {
        const here = document.querySelector("main tbody tr[id]:is(:hover, :focus-within)");
        const rows = here ? [...fresh.querySelectorAll("tbody tr[id]")] : [], at = rows.findIndex((row) => row.id === here.id);
        const added = rows.slice(0, Math.max(at, 0)).filter((row) => !document.getElementById(row.id));
        for (const row of added) row.remove();
        fresher.hidden = !added.length;
        fresher.textContent = fresher.dataset.show.replace("{0}", added.length);
    };
    const clock = () => new Date().toLocaleTimeString(document.documentElement.lang);
    // Of a node that is frozen nothing comes back, not even a refusal.
    const get = (address) => fetch(address, { headers: { "X-Part": "main" }, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(8000) });
    const refresh = async (all) => {
        if (pointer || asking || over || asked) { pending = true; return; }
        asking = true; pending = false;
        try {
            const reply = await get(location.href);
            if (reply.status === 401) { over = true; stop(); show(false); return; }
            if (reply.status >= 500) throw reply.status;
            if (!reply.ok && reply.status !== 422) return;
            const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("main");
            if (!fresh) return;
            hold(all === true ? document.createElement("p") : fresh);
            const before = words();
            const main = document.getElementById("main"), done = main.querySelector(":scope > .done");
            if (done && !fresh.querySelector(":scope > .done")) fresh.prepend(document.importNode(done, true));
            merge(main, fresh);
            asOf = clock(); stale = false; show(true);
            tell(before, words());
        } catch {
            // A stream that is heard says nothing of a page that did not come.
            stale = true; show(false); setTimeout(refresh, 1000 + Math.random() * 500);
        } finally { asking = false; if (pending && !pointer) refresh(); }
    };
    // What a screen reader hears: the rows whose state has changed, and nothing else.
    const words = () => new Map([...document.querySelectorAll("main tbody tr[id]")].map((row) => [row.id, [...row.querySelectorAll("time, th, .mark")].slice(0, 3).map((cell) => cell.textContent.trim()).join(", ")]));
    const tell = (before, after) => {
        if (!say) return;
        const changed = [...after].filter(([id, text]) => before.has(id) && before.get(id) !== text).map(([, text]) => text);
        if (changed.length) say.textContent = changed.slice(0, 3).join(". ");
    };

    const stop = () => { source?.close(); source = null; };
    const start = () => {
        if (!topic || source || over || document.hidden || store("reminders.still") === "1") return;
        source = new EventSource(`${base}/live`);
        last = Date.now();
        const heard = () => { last = Date.now(); wait = 500; asOf ??= clock(); show(!stale); };
        source.addEventListener("hello", () => { heard(); refresh(); });
        source.addEventListener("beat", heard);
        source.addEventListener("changed", () => { heard(); refresh(); });
        source.addEventListener("over", () => { over = true; stop(); show(false); });
        // It gives up for good on a balancer's error page: it is begun anew, each time a little later.
        source.onerror = () => { stop(); show(false); setTimeout(start, wait + Math.random() * 250); wait = Math.min(wait * 2, 8000); };
    };
    setInterval(() => { if (source && Date.now() - last > 12000) { stop(); show(false); start(); } }, 1000);
    document.addEventListener("visibilitychange", () => document.hidden ? stop() : start());
    addEventListener("pagehide", stop);
    addEventListener("pageshow", (event) => { if (event.persisted) start(); });
    addEventListener("pointerdown", () => { pointer = true; });
    for (const up of ["pointerup", "pointercancel"]) addEventListener(up, () => setTimeout(() => { pointer = false; if (pending) refresh(); }, 50));
    fresher?.addEventListener("click", () => refresh(true));
    const still = document.getElementById("still");
    if (still && topic) {
        const name = () => { still.textContent = store("reminders.still") === "1" ? still.dataset.start : still.dataset.stop; };
        still.hidden = false;
        still.addEventListener("click", () => {
            store("reminders.still", store("reminders.still") === "1" ? "0" : "1");
            name();
            if (store("reminders.still") === "1") { stop(); show(false); } else start();
        });
        name();
    }
    start();

    // The step before an act, which is a page of the server's, as a dialog over this one. Its form is posted as the page's would be.
    const part = async (address) => {
        const reply = await get(address);
        return reply.ok ? new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("#main:has(form)") : null;
    };
    const fill = (dialog, fresh) => {
        const title = document.createElement("h2"), head = fresh.querySelector("h1");
        title.id = "asked"; title.dir = "auto"; title.textContent = head.textContent;
        head.replaceWith(title);
        for (const one of fresh.querySelectorAll(":scope > .paused")) one.remove();
        dialog.replaceChildren(...fresh.childNodes);
    };
    const ask = async (opener) => {
        // As it was pressed: a refresh may change the link meanwhile.
        const address = opener.href, fresh = asked ? null : await part(address).catch(() => null);
        if (!fresh) { if (!asked) location.href = address; return; }
        const dialog = asked = document.createElement("dialog");
        dialog.setAttribute("aria-labelledby", "asked");
        fill(dialog, fresh);
        body.append(dialog);
        dialog.addEventListener("click", (event) => { if (event.target.closest("[data-back]")) { event.preventDefault(); dialog.close(); } });
        dialog.addEventListener("submit", async (event) => {
            if (event.target.method !== "get") return;
            event.preventDefault();
            const address = `${event.target.action}?${new URLSearchParams(new FormData(event.target))}`, next = await part(address).catch(() => null);
            if (next) { fill(dialog, next); dialog.querySelector("[autofocus]")?.focus(); } else location.href = address;
        });
        dialog.addEventListener("close", () => { dialog.remove(); asked = null; opener.focus(); if (pending) refresh(); });
        dialog.showModal();
    };
    addEventListener("click", (event) => {
        const opener = event.target.closest?.("a[data-act]");
        if (!opener || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        ask(opener);
    });

    // Keys: off in fields, and off for whoever wants them off.
    const go = { b: "/day", o: "/outbox", c: "/cluster", v: "/overview" };
    let first = null;
    addEventListener("keydown", (event) => {
        if (asked || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.nodeName) || store("reminders.keys") === "off") return;
        const key = event.key, link = document.querySelector(`main a[data-key="${CSS.escape(key)}"]`);
        const rows = [...document.querySelectorAll("main tbody tr")];
        if (first === "g" && go[key]) { location.href = base + go[key]; }
        else if (key === "/") { document.getElementById("find")?.focus(); event.preventDefault(); }
        else if (key === "?") { document.getElementById("keys")?.toggleAttribute("open"); document.querySelector("#keys summary")?.focus(); }
        else if (key === "Escape") { const back = document.querySelector("main a[data-back]"); if (back) back.click(); }
        else if ((key === "j" || key === "k") && rows.length) {
            const here = rows.findIndex((row) => row.contains(document.activeElement));
            const row = rows[Math.max(0, Math.min(rows.length - 1, here + (key === "j" ? 1 : -1)))];
            row.querySelector("a")?.focus();
        }
        else if (link) { link.click(); }
        first = key === "g" ? "g" : null;
    });
})();
