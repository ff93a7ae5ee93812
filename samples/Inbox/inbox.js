// One person's inbox: what is in it, how many are unread, and what is new as it comes. It takes up on any node where it left off
// on another, by one number, the cursor: nothing is missed, and nothing is shown twice.

/**
 * @typedef {object} Item a notification, as a frame and a list have it
 * @property {number} id
 * @property {number} cursor its number among the person's own, from 1
 * @property {string} notification_type
 * @property {string} message
 * @property {any} ticket its id; with Inbox:WholeTicket an object; null when it is about something else
 * @property {string} subject_type
 * @property {string} subject_key
 * @property {boolean} is_read
 * @property {string | null} read_at
 * @property {string} timestamp
 *
 * @typedef {{ results: Item[], next: string | null }} Page
 *
 * @typedef {object} Snapshot what is to be shown
 * @property {'closed' | 'connecting' | 'live' | 'signed-out' | 'elsewhere'} state
 * @property {Item[]} items the newest first
 * @property {number} unread
 * @property {Record<string, number>} byType
 * @property {boolean} hasOlder
 *
 * @typedef {object} Options
 * @property {() => string | null | Promise<string | null>} token gives the access token, anew for each connection; null where a
 *   cookie signs in
 * @property {string[]} [nodes] addresses that lead to a node, tried in turn; usually one, before all of them
 * @property {string} [prefix] where the engine is mapped, such as '/reminders'
 * @property {typeof PATIENCE} [patience] in milliseconds
 *
 * @typedef {Error & { status?: number, errors?: Record<string, string[]>, retryAfter?: number }} Refused
 */

const PATIENCE = { first: 500, longest: 30_000, look: 60_000, grace: 5_000 };

export class Inbox {
  #options;
  /** @type {Set<(snapshot: Snapshot) => void>} */
  #listeners = new Set();
  /** @type {Snapshot} */
  #snapshot = Object.freeze({ state: 'closed', items: [], unread: 0, byType: {}, hasOlder: false });
  /** @type {number | null} the greatest of all that was shown; null before the first list */
  #cursor = null;
  /** @type {string | null} where the list goes on */
  #older = null;
  #node = 0;
  #failures = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | null} until the next try; null while one is under way */
  #timer = null;
  #run = 0; // what began before close() and ends after it finds another number here
  /** @type {Promise<void> | null} */
  #counting = null;
  #asked = 0;

  /** @param {Options} options */
  constructor(options) {
    this.#options = { nodes: [globalThis.location?.origin], prefix: '', patience: PATIENCE, ...options };
  }

  /** What is to be shown: a new object after each change. */
  get snapshot() {
    return this.#snapshot;
  }

  /**
   * @param {(snapshot: Snapshot) => void} listener
   * @returns {() => void} ends it
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  open() {
    this.close();
    globalThis.addEventListener?.('online', this.#hurry);
    this.#connect(++this.#run);
  }

  close() {
    this.#run++;
    this.#stopWaiting();
    globalThis.removeEventListener?.('online', this.#hurry);
    this.#socket?.close();
    this.#socket = null;
    this.#show({ state: 'closed' });
  }

  /** @param {number} id */
  async markRead(id) {
    const read = await this.#send('POST', `${encodeURIComponent(id)}/mark_as_read/`);
    this.#replace((item) => (item.id === read.id ? read : item));
    await this.#count();
  }

  async markAllRead() {
    const seen = this.#cursor ?? 0;
    await this.#send('POST', 'mark_all_as_read/');
    // What came meanwhile may be unread: it has a greater cursor.
    this.#replace((item) => (item.cursor <= seen ? { ...item, is_read: true } : item));
    await this.#count();
  }

  async loadOlder() {
    if (!this.#older) return;
    const page = await this.#send('GET', this.#older);
    this.#goOn(page);
    const oldest = this.#snapshot.items.at(-1)?.cursor ?? Infinity;
    const items = [...this.#snapshot.items, ...page.results.filter((/** @type {Item} */ item) => item.cursor < oldest)];
    this.#show({ items });
  }

  /** @param {Page} page */
  #begin(page) {
    this.#cursor = page.results[0]?.cursor ?? 0;
    this.#goOn(page);
    this.#show({ items: page.results });
  }

  /** @param {Page} page */
  #goOn(page) {
    this.#older = page.next && new URL(page.next).search;
    this.#show({ hasOlder: this.#older !== null });
  }

  /** @param {number} run */
  async #connect(run) {
    if (run !== this.#run) return;
    this.#show({ state: 'connecting' });
    try {
      if (this.#cursor === null || this.#failures > 0) {
        const page = await this.#send('GET', '');
        // Less than we have seen: the database was restored, and knows nothing of our cursor.
        if (run === this.#run && (page.results[0]?.cursor ?? 0) < (this.#cursor ?? Infinity)) this.#begin(page);
      }
      // A ticket opens one connection within a minute: a browser can only put it into the address, where a token would be kept.
      const { ticket } = await this.#send('POST', 'ticket/');
      if (run === this.#run) this.#listen(run, ticket);
    } catch (error) {
      if (run !== this.#run) return;
      const { status, retryAfter } = /** @type {Refused} */ (error);
      if (status === 401 || status === 403) this.#show({ state: 'signed-out' });
      else this.#later(run, retryAfter);
    }
  }

  /**
   * @param {number} run
   * @param {string} ticket
   */
  #listen(run, ticket) {
    const address = new URL(`${this.#options.prefix}/ws/notifications/`, this.#origin);
    address.protocol = address.protocol.replace('http', 'ws');
    address.search = `${new URLSearchParams({ token: ticket, cursor: String(this.#cursor) })}`;
    const socket = new WebSocket(address);
    this.#socket = socket;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    let looking;
    socket.onopen = () => {
      this.#failures = 0;
      this.#show({ state: 'live' });
      this.#count().catch(() => {});
      looking = setInterval(() => this.#look(socket), this.#options.patience.look);
    };
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => {
      clearInterval(looking);
      if (run !== this.#run) return;
      // 4429: this person has too many of them open, and coming back would close the next. All else comes back with its cursor; a
      // token that is over (4401) is asked for anew.
      if (code === 4429) this.#show({ state: 'elsewhere' });
      else this.#later(run);
    };
  }

  /** @param {Item} item */
  #take(item) {
    if (item.cursor <= (this.#cursor ?? 0)) return;
    this.#cursor = item.cursor;
    this.#show({ items: [item, ...this.#snapshot.items] });
    this.#count().catch(() => {});
  }

  /**
   * A line may be dead without either end knowing: what is in the list has to come over it as well.
   * @param {WebSocket} socket
   */
  async #look(socket) {
    const page = await this.#send('GET', '').catch(() => null);
    const isBehind = () => (page?.results[0]?.cursor ?? 0) > (this.#cursor ?? 0);
    if (!isBehind()) return;
    await new Promise((resolve) => setTimeout(resolve, this.#options.patience.grace));
    if (isBehind()) socket.close();
  }

  /**
   * Longer each time, and for each client another time: a node that comes back is not met by all of them at once.
   * @param {number} run
   */
  #later(run, seconds = 0) {
    this.#show({ state: 'connecting' });
    this.#node++;
    const { first, longest } = this.#options.patience;
    const wait = Math.min(longest, first * 2 ** this.#failures++) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#retry(run), Math.max(wait, seconds * 1000));
  }

  /** @param {number} run */
  #retry(run) {
    this.#stopWaiting();
    this.#connect(run);
  }

  #stopWaiting() {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }

  #hurry = () => {
    if (this.#timer !== null) this.#retry(this.#run);
  };

  // Always the server's: asked once more when something happened while it was being asked.
  #count() {
    this.#asked++;
    return (this.#counting ??= this.#countUntilQuiet().finally(() => (this.#counting = null)));
  }

  async #countUntilQuiet() {
    for (let asked = 0; asked !== this.#asked; ) {
      asked = this.#asked;
      const { total, by_type } = await this.#send('GET', 'unread_count/');
      this.#show({ unread: total, byType: by_type });
    }
  }

  get #origin() {
    return this.#options.nodes[this.#node % this.#options.nodes.length];
  }

  /**
   * @param {'GET' | 'POST'} method
   * @param {string} path
   */
  async #send(method, path) {
    const token = await this.#options.token();
    const answer = await fetch(new URL(`${this.#options.prefix}/api/notifications/${path}`, this.#origin), {
      method,
      headers: { Accept: 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(15_000),
    });
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) return body;
    throw Object.assign(new Error(body.detail ?? body.title ?? `HTTP ${answer.status}`), {
      status: answer.status,
      errors: body.errors,
      retryAfter: Number(answer.headers.get('Retry-After')) || 0,
    });
  }

  /** @param {(item: Item) => Item} change */
  #replace(change) {
    this.#show({ items: this.#snapshot.items.map(change) });
  }

  /** @param {Partial<Snapshot>} change */
  #show(change) {
    this.#snapshot = Object.freeze({ ...this.#snapshot, ...change });
    for (const listener of this.#listeners) listener(this.#snapshot);
  }
}
