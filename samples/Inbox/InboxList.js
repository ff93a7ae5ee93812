// The inbox in React (18 or newer): a hook, and a component that uses it. Without JSX, so that it runs as it stands, in a bundler
// or in a page whose import map names react.

import { createElement as h, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Inbox } from './inbox.js';

/**
 * One connection for as long as the component is there.
 * @param {import('./inbox.js').Options} options the same object from render to render
 */
export function useInbox(options) {
  const inbox = useMemo(() => new Inbox(options), [options]);
  useEffect(() => {
    inbox.open();
    return () => inbox.close();
  }, [inbox]);
  const shown = useSyncExternalStore(
    useMemo(() => (listener) => inbox.subscribe(listener), [inbox]),
    () => inbox.snapshot,
    () => inbox.snapshot,
  );
  return {
    ...shown,
    markRead: (/** @type {number} */ id) => inbox.markRead(id),
    markAllRead: () => inbox.markAllRead(),
    loadOlder: () => inbox.loadOlder(),
  };
}

/** @param {{ options: import('./inbox.js').Options }} props */
export function InboxList({ options }) {
  const { state, items, unread, hasOlder, markRead, markAllRead, loadOlder } = useInbox(options);
  return h(
    'section',
    { 'aria-label': 'Inbox' },
    h('p', { role: 'status' }, `${unread} unread (${state})`),
    h('button', { onClick: markAllRead, disabled: unread === 0 }, 'Mark all as read'),
    h(
      'ul',
      null,
      items.map((item) =>
        h(
          'li',
          { key: item.cursor, className: item.is_read ? 'read' : 'unread' },
          item.message,
          item.is_read ? null : h('button', { onClick: () => markRead(item.id) }, 'Read'),
        ),
      ),
    ),
    hasOlder ? h('button', { onClick: loadOlder }, 'Older') : null,
  );
}
