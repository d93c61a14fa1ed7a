import Common
import Glibc
import WireProtocols

// snippet: backplane
/// An actor that joins this process, a *node*, to others: messages for their clients travel through
/// Redis.
///
/// **Theory of operation.** The actor runs on a separate loop, with one connection. Redis stores
///
///     PREFIX:all       a stream: broadcasts, in the order that all nodes see
///     PREFIX:topic:T   a stream for each topic, which only nodes with subscribers read
///     PREFIX:node:N    a stream for node N alone: `send`, and the answers to it. It expires if
///                      the node does not renew it, so it also shows that the node is alive
///     PREFIX:nodes     the nodes that are alive; and PREFIX:last-node, the last number assigned
///
/// A read that blocks (`XREAD BLOCK`) would hold up every later command on the same connection, so
/// we never use one. Instead, Redis tells us when a key that we have read changes (`CLIENT
/// TRACKING`, RESP3), and we read what comes after the last message that we have. After a lost
/// connection a node does the same, so it misses nothing and gets nothing twice.
///
///     [ disconnected ] ──▶ [ joining ] ──▶ [ connected ]
///            ▲ ╰─ backoff ─◀────┴────────────────┤     no reply for 3 s, an error, the end
///            ╰───────────────────────────────────╯
actor Backplane: EventHandler {
  enum State { case disconnected, joining, connected }

  struct Traffic {
    var sent = 0
    var received = 0
    var missed = 0
    var refused = 0
    var unconfirmed = 0
    var reconnects = 0
  }

  /// Node N assigns ids from N times this. At 1,000 new clients a second they last 115 days, and
  /// even after 900,000 starts of nodes the ids are below 2^53, the limit of exact integers in
  /// JavaScript.
  static let idsPerNode = 10_000_000_000
  /// How long we wait for a reply before we give up on the connection, or on another node.
  static let patience = Duration.seconds(3)
  private static let (reconnect, heartbeat, drain) = (timer(0), timer(1), timer(2))

  nonisolated let loop: EventLoopExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  let url: RedisURL
  let service: HelloService
  var state = State.disconnected
  var connection: RedisConnection?
  private var generation: UInt32 = 0
  /// Attempts to connect since the last one that was successful.
  private var attempts = 0
  /// Why the last attempt failed. The same reason is not logged twice in a row.
  private var failure = ""
  /// Our number, for the thread that waits for it in ``start()``.
  nonisolated(unsafe) private var firstNumber = 0  // Guarded by `mutex`.
  private let (mutex, hasJoined) = (PosixMutex(), PosixCondition())
  /// Our number; 0 until Redis has assigned one.
  var node = 0
  var nodes: Set<Int> = []
  var shards: [Shard] = []
  var streams: [String: BackplaneStream] = [:]
  /// Every `send` to a client of another node that is not confirmed yet.
  var requests: [Int: PendingSend] = [:]
  var lastRequest = 0
  /// Bytes that shards are delivering. From 64 MiB on, nothing is received: the rest stays in Redis.
  var deliveringBytes = 0
  /// Where Redis may be, according to the last look-up, without those that have been tried.
  private var addresses: ArraySlice<SocketAddress> = []
  var counts = Traffic()

  init(_ url: RedisURL, _ service: HelloService, _ stop: StopSignal) throws {
    (self.url, self.service) = (url, service)
    loop = try EventLoopExecutor(stop)
  }

  /// Starts the loop on a new thread, waits until Redis has assigned our number, and returns it.
  nonisolated func start() throws -> Int {
    post { $0.connect() }
    try spawnThread(named: "backplane", stackSize: 1 << 20) { self.loop.run(self) }
    return mutex.withLock {
      while firstNumber == 0 { hasJoined.wait(holding: mutex) }
      return firstNumber
    }
  }

  func key(_ name: String) -> String { "\(url.prefix):\(name)" }
  func inbox(_ node: Int) -> String { key("node:\(node)") }

  private static func timer(_ index: UInt32) -> Token { Token(index: index, generation: 0) }

  func log(_ line: String) {
    // Without a number the server does not start, so this prints the reason even without `--log`.
    if node == 0 { printError("\(service.name): backplane: \(line)") }
    if node != 0 { service.log("backplane: \(line)") }
  }
}

/// Connecting, and staying connected.
extension Backplane {
  /// Tries the next address. After the last one they are looked up again, on another thread, because
  /// that may take many seconds (getaddrinfo(3)).
  private func connect() {
    attempts += 1
    state = .joining
    if let address = addresses.popFirst() { return connect(to: address) }
    do { try lookUp() } catch { lose("\(error)") }
  }

  private nonisolated func lookUp() throws {
    try spawnThread(named: "look-up", stackSize: 1 << 20) {
      let found = Result { try SocketAddress.lookUp(host: self.url.host, port: self.url.port) }
      self.post { backplane in
        do {
          backplane.addresses = try found.get()[...]
          backplane.connect(to: backplane.addresses.removeFirst())
        } catch { backplane.lose("\(error)") }
      }
    }
  }

  private func connect(to address: SocketAddress) {
    if generation == 0 { loop.timers.insert(.now + .seconds(1), Self.heartbeat) }
    generation += 1
    do {
      let parser = RESPParser(maxSize: maxReply, maxString: maxString)
      let connection = try RedisConnection(to: address, generation: generation, parser, on: loop)
      self.connection = connection
      let login = url.credentials.isEmpty ? [] : ["AUTH"] + url.credentials
      for words in [
        ["HELLO", "3"] + login, ["SELECT", "\(url.database)"], ["CLIENT", "TRACKING", "ON"],
      ] {
        connection.ask(words) { backplane, reply in
          if case .error(let text) = reply { backplane.lose(text) }
        }
      }
      beat()
    } catch { lose("\(error)") }
  }

  /// Tells Redis that this node is alive for the next five seconds, and learns which others are.
  /// The first time, it also gets a number. The script uses the clock of Redis, because the nodes'
  /// clocks may differ.
  private func beat() {
    let script = """
      local me, last = tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or 0)
      if me == 0 then me = redis.call('INCR', KEYS[1]) end
      if me > last then redis.call('SET', KEYS[1], me) end
      local now, inbox = redis.call('TIME')[1], ARGV[2] .. me
      redis.call('ZADD', KEYS[2], now, me)
      redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - 5)
      redis.call('XADD', inbox, 'MAXLEN', '~', 1000, '*', 'alive', '')
      redis.call('EXPIRE', inbox, 4)
      return {me, unpack(redis.call('ZRANGE', KEYS[2], 0, -1))}
      """
    let words = ["EVAL", script, "2", key("last-node"), key("nodes"), "\(node)", key("node:")]
    connection?.ask(words) { backplane, reply in
      switch reply {
      case .array(let numbers): backplane.joined(numbers.map(\.number))
      case .error(let text) where backplane.state == .joining: backplane.lose(text)
      case .error(let text): backplane.log(text)
      case nil: break
      default: backplane.joined([])
      }
    }
  }

  private func joined(_ numbers: [Int]) {
    guard let me = numbers.first, 1...900_000 ~= me else {
      return lose("a node's number, \(key("last-node")), is not in 1...900000")
    }
    nodes = Set(numbers)
    guard state == .joining else { return }
    state = .connected
    if node == 0 {
      node = me
      for key in [key("all"), inbox(node)] { streams[key] = BackplaneStream(key) }
      mutex.withLock { firstNumber = node }
      hasJoined.signal()
    } else {
      counts.reconnects += 1
    }
    (attempts, failure) = (0, "")
    log("node \(node) is connected to \(url.host):\(url.port)")
    for stream in streams.values {
      stream.isUnplaced = true
      read(stream)
    }
  }

  /// Gives up the connection and schedules a new attempt: after at most 30 ms, then at most twice
  /// as long each time, up to half a second. The delay is random, so that the nodes do not all come
  /// back at the same moment.
  func lose(_ reason: String) {
    guard state != .disconnected else { return }
    let lost = connection
    (connection, state) = (nil, .disconnected)
    loop.buffers.output.removeAll()
    if reason != failure { log("no connection to \(url.host):\(url.port): \(reason)") }
    failure = reason
    while let handler = lost?.takeHandler() { handler(self, nil) }
    for stream in streams.values { release(stream) }
    let longest = min(500, 30 << min(attempts, 5))
    let delay = Int.random(in: longest / 2...longest)
    loop.timers.insert(.now + .milliseconds(delay), Self.reconnect)
  }

  func handleTimer(_ token: Token, deadline: Instant) {
    switch token {
    case Self.reconnect: connect()
    case Self.drain: leave()
    default:
      loop.timers.insert(.now + .seconds(1), Self.heartbeat)
      giveUpRequests()
      if state == .connected {
        beat()
        checkCounts()
      }
    }
  }

  func handle(_ event: Event) { connection?.update(with: event) }

  /// Reads once and writes once, so all commands of this iteration are sent together.
  func finishIteration() -> Bool {
    guard let connection else { return false }
    do {
      let isFull = deliveringBytes >= 64 << 20
      let hasMore = try !isFull && connection.receive()
      while connection === self.connection, let value = try connection.nextValue() {
        if case .push(let parts) = value {
          handlePush(parts)
        } else {
          connection.takeHandler()?(self, value)
        }
      }
      guard connection === self.connection else { return false }
      // Checked only when everything that has arrived is read: if this process was frozen for a
      // while, the replies may be there already.
      if !hasMore && !isFull && connection.silence >= Self.patience {
        lose("no reply for \(Self.patience)")
      } else {
        try connection.flush()
      }
      return hasMore
    } catch {
      lose("\(error)")
      return false
    }
  }

  func handleStop() {
    if node == 0 { exitOnce() }
    leave()
  }

  /// Takes this node off the list and ends the process, once the last client is gone and no answer
  /// is missing any more.
  private func leave() {
    guard Socket.openCount <= (connection == nil ? 0 : 1) else {
      return loop.timers.insert(.now + .milliseconds(10), Self.drain)
    }
    guard state == .connected, let connection else { exitOnce() }
    connection.ask(["ZREM", key("nodes"), "\(node)"]) { _, _ in }
    connection.ask(["DEL", inbox(node)]) { _, _ in exitOnce() }
  }
}
// snippet: end
