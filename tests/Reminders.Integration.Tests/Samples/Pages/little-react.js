// What samples/Inbox/InboxList.js needs of React, so that its test needs no network: it renders into real elements.

const slots = [];
let at = 0;
let again = () => {};

export function start(root, component, props) {
  again = () => {
    at = 0;
    const effects = [];
    start.effects = effects;
    root.replaceChildren(component(props));
    effects.forEach((run) => run());
  };
  again();
}

function remembered(deps, make) {
  const i = at++;
  if (!slots[i] || deps.some((dep, n) => dep !== slots[i].deps[n])) slots[i] = { deps, value: make() };
  return slots[i].value;
}

export const useMemo = (make, deps) => remembered(deps, make);

export const useEffect = (run, deps) => void remembered(deps, () => start.effects.push(run));

export function useSyncExternalStore(subscribe, snapshot) {
  useEffect(() => subscribe(() => queueMicrotask(again)), [subscribe]);
  return snapshot();
}

export function createElement(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === 'onClick') element.addEventListener('click', value);
    else if (name === 'className') element.className = value;
    else if (name === 'disabled') element.disabled = value;
    else if (name !== 'key') element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}
