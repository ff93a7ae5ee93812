// One person's inbox for Dart and Flutter (not the web, where a header cannot be sent: use inbox.js's way there). It takes up on any
// node where it left off on another, by one number, the cursor: nothing is missed, and nothing is shown twice.
//
// Written without a Dart SDK at hand: read it before you trust it, and run `dart analyze`.

import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:math';

enum InboxState { closed, connecting, live, signedOut, elsewhere }

class InboxItem {
  InboxItem(Map<String, dynamic> json)
      : id = json['id'] as int,
        cursor = json['cursor'] as int,
        type = json['notification_type'] as String,
        message = json['message'] as String,
        ticket = json['ticket'],
        isRead = json['is_read'] as bool,
        at = DateTime.parse(json['timestamp'] as String);

  final int id;

  /// Its number among the person's own, from 1.
  final int cursor;
  final String type;
  final String message;

  /// The ticket's id; with `Inbox:WholeTicket` a map.
  final Object? ticket;
  final bool isRead;
  final DateTime at;
}

/// What is to be shown.
class InboxSnapshot {
  const InboxSnapshot(this.state, this.items, this.unread);

  final InboxState state;

  /// The newest first.
  final List<InboxItem> items;
  final int unread;
}

class InboxRefused implements Exception {
  InboxRefused(this.status, this.detail, this.retryAfter);

  final int status;
  final String detail;
  final Duration retryAfter;

  @override
  String toString() => '$status: $detail';
}

class Inbox {
  /// [nodes] are addresses that lead to a node, tried in turn; usually one, before all of them. [token] gives the access token, anew for
  /// each connection. [prefix] is where the engine is mapped, such as `/reminders`.
  Inbox({required this.nodes, required this.token, this.prefix = ''});

  final List<Uri> nodes;
  final FutureOr<String> Function() token;
  final String prefix;

  static const _first = Duration(milliseconds: 500);
  static const _longest = Duration(seconds: 30);

  final _changes = StreamController<InboxSnapshot>.broadcast();
  final _http = HttpClient()..connectionTimeout = const Duration(seconds: 15);
  final _random = Random();
  InboxSnapshot _shown = const InboxSnapshot(InboxState.closed, [], 0);
  WebSocket? _socket;
  int? _cursor; // the greatest of all that was shown; null before the first list
  int _node = 0;
  int _failures = 0;
  int _run = 0; // what began before close() and ends after it finds another number here

  InboxSnapshot get snapshot => _shown;
  Stream<InboxSnapshot> get changes => _changes.stream;

  void open() {
    close();
    unawaited(_keepConnected(++_run));
  }

  void close() {
    _run++;
    unawaited(_socket?.close());
    _socket = null;
    _show(state: InboxState.closed);
  }

  Future<void> markRead(int id) async {
    final read = InboxItem(await _send('POST', '$id/mark_as_read/'));
    _show(items: [for (final item in _shown.items) item.id == read.id ? read : item]);
    await _count();
  }

  Future<int> markAllRead() async {
    final marked = await _send('POST', 'mark_all_as_read/');
    final page = await _send('GET', '');
    final read = {for (final item in _itemsOf(page)) item.id: item};
    _show(items: [for (final item in _shown.items) read[item.id] ?? item]);
    await _count();
    return marked['count'] as int;
  }

  Future<void> _keepConnected(int run) async {
    while (run == _run) {
      _show(state: InboxState.connecting);
      var wait = Duration.zero;
      try {
        if (_cursor == null || _failures > 0) {
          final items = _itemsOf(await _send('GET', ''));
          final newest = items.isEmpty ? 0 : items.first.cursor;
          if (run != _run) return;
          // Less than we have seen: the database was restored, and knows nothing of our cursor.
          if (_cursor == null || newest < _cursor!) {
            _cursor = newest;
            _show(items: items);
          }
        }
        if (!await _listen(run)) return;
      } on InboxRefused catch (refused) {
        if (run != _run) return;
        if (refused.status == 401 || refused.status == 403) {
          _show(state: InboxState.signedOut);
          return;
        }
        wait = refused.retryAfter;
      } on Exception {
        // Nobody there, or the line broke: another node is asked.
      }
      if (run != _run) return;
      _show(state: InboxState.connecting);
      _node++;
      final grown = min(_longest.inMilliseconds, _first.inMilliseconds * pow(2, min(_failures++, 10)).toInt());
      final spread = Duration(milliseconds: (grown * (0.5 + _random.nextDouble() / 2)).round());
      await Future<void>.delayed(wait > spread ? wait : spread);
    }
  }

  /// Until the connection ends. False when it is not to come back by itself.
  Future<bool> _listen(int run) async {
    final base = _at('/ws/notifications/');
    final address = base.replace(
      scheme: base.scheme == 'https' ? 'wss' : 'ws',
      queryParameters: {'cursor': '$_cursor'},
    );
    final socket = await WebSocket.connect('$address', headers: {'Authorization': 'Bearer ${await token()}'});
    if (run != _run) {
      await socket.close();
      return false;
    }
    // A line may be dead without either end knowing: an unanswered ping ends it.
    socket.pingInterval = const Duration(seconds: 15);
    _socket = socket;
    _failures = 0;
    _show(state: InboxState.live);
    unawaited(_count().catchError((_) {}));
    await for (final frame in socket) {
      final item = InboxItem(jsonDecode(frame as String) as Map<String, dynamic>);
      if (item.cursor <= _cursor!) continue;
      _cursor = item.cursor;
      _show(items: [item, ..._shown.items]);
      unawaited(_count().catchError((_) {}));
    }
    if (run != _run) return false;
    // 4429: this person has too many open, and coming back would close the next. All else comes back with its cursor.
    if (socket.closeCode == 4429) {
      _show(state: InboxState.elsewhere);
      return false;
    }
    return true;
  }

  Future<void> _count() async => _show(unread: (await _send('GET', 'unread_count/'))['total'] as int);

  List<InboxItem> _itemsOf(Map<String, dynamic> page) =>
      [for (final item in page['results'] as List) InboxItem(item as Map<String, dynamic>)];

  Uri _at(String path) => nodes[_node % nodes.length].resolve('$prefix$path');

  Future<Map<String, dynamic>> _send(String method, String path) async {
    final request = await _http.openUrl(method, _at('/api/notifications/$path'));
    request.headers.set(HttpHeaders.authorizationHeader, 'Bearer ${await token()}');
    final answer = await request.close().timeout(const Duration(seconds: 15));
    final text = await utf8.decodeStream(answer);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return jsonDecode(text) as Map<String, dynamic>;
    final seconds = int.tryParse(answer.headers.value(HttpHeaders.retryAfterHeader) ?? '') ?? 0;
    throw InboxRefused(answer.statusCode, text, Duration(seconds: seconds));
  }

  void _show({InboxState? state, List<InboxItem>? items, int? unread}) {
    _shown = InboxSnapshot(state ?? _shown.state, items ?? _shown.items, unread ?? _shown.unread);
    _changes.add(_shown);
  }
}
