import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that sends nothing does not wake the loop") { idle() },
    Part("an echo that the kernel takes at once comes back without an epoll_ctl") { fast() },
    Part("a slow reader gets the whole echo") { slow() },
    Part("while a client's echo waits for room, new bytes from the client do not wake the loop") {
      both()
    },
    Part("once the echo is written, the loop sleeps until the next bytes arrive") {
      sleepsAgain()
    },
    Part("a client that leaves, or whose connection breaks") { leaves() },
    Part("an event with nothing to read") { nothing() },
  ]

  static func idle() { Loop().run() }

  static func fast() {
    let loop = Loop()
    var sent = ""
    for number in 1...10 {
      sent += "message \(number)"
      loop.send("message \(number)")
      expect(
        loop.socket.written, equals: Array(sent.utf8), "the echo did not come back",
        "There is room, so you can write what you just read. And epoll reports only what you asked "
          + "for."
      )
    }
    expect(
      loop.epoll.changes == 0,
      "\(loop.epoll.changes) wasted system calls: there were ten echoes, and the interest is the "
        + "same before and after each",
      "Try to write first. You only have something to wait for if the kernel doesn't take "
        + "everything. And don't tell epoll what it already knows: under load, that would be one "
        + "extra system call per request.")
  }

  static func slow() {
    for text in ["abcdefghij", String(repeating: "0123456789", count: 1000)] {
      let loop = Loop(room: 4)
      loop.send(text)
      loop.readsSlowly(text.utf8.count > 100 ? 1000 : 4)
      expect(
        loop.socket.written.count == text.utf8.count || loop.kept > 0,
        "the rest of the echo is lost",
        "The kernel took part of the echo. Remove that part from the output, and keep the rest "
          + "until there is room.")
      expect(
        loop.socket.written.count == text.utf8.count, "the rest of the echo is never written",
        "The kernel took four bytes, and then its buffer was full. Now it has room again, but "
          + "epoll reports only what you asked for."
      )
      expect(
        loop.socket.written, equals: Array(text.utf8), "the echo is not what the client sent")
      expect(
        loop.epoll.repeats == 0, "epoll was told something it already knew",
        "After each part of the echo the interest is the same as before, so this epoll_ctl is a "
          + "wasted system call. Call it only when the interest changes.")
    }
  }

  static func both() {
    let loop = Loop(room: 4)
    loop.send("abcdefghij")
    loop.send("klm")
    expect(
      loop.socket.unread, equals: 3, "there are still bytes to write, but you read more",
      "Don't read from a client that isn't taking its echo, or else the server has to keep all of "
        + "it in memory."
    )
    loop.readsSlowly()
    expect(
      loop.socket.written, equals: Array("abcdefghijklm".utf8),
      "the bytes that the client sent in the meantime did not come back",
      "Nothing is left to write, so epoll has to watch for bytes again.")
  }

  static func sleepsAgain() {
    let loop = Loop(room: 4)
    loop.send("abcdefghij")
    loop.readsSlowly()
    loop.socket.makeRoom(1000)
    loop.run()
    loop.send("xyz")
    expect(
      loop.socket.written, equals: Array("abcdefghijxyz".utf8), "the next echo did not come back",
      "Nothing is left to write, so epoll has to watch for bytes again.")
  }

  static func leaves() {
    for isReset in [false, true] {
      let loop = Loop(room: isReset ? 4 : 1000)
      if isReset {
        loop.send("abcdefghij")
        loop.socket.reset()
      } else {
        loop.socket.end()
      }
      loop.run()
      expect(
        loop.socket.isClosed,
        isReset
          ? "the connection broke, but its socket is still open"
          : "the client left, but its socket is still open",
        isReset
          ? "-1 does not always mean EAGAIN: here write fails with ECONNRESET. The client will "
            + "never read the rest, so close the socket."
          : "read returns 0 at the end of the stream. Close the socket then, or its descriptor "
            + "leaks.")
    }
  }

  /// Readiness is a hint: by the time of the call, the bytes may be gone (see epoll(7)).
  static func nothing() {
    let loop = Loop()
    loop.handle(.readable)
    expect(
      !loop.socket.isClosed,
      "an event arrived with nothing to read, and the client was disconnected",
      "read failed with EAGAIN, which means 'not now'. Only 0 and other errors end the connection.")
    loop.send("abc")
    expect(
      loop.socket.written, equals: Array("abc".utf8), "the echo did not come back",
      "An event with nothing to read must not change anything.")
  }
}

extension Check {
  /// The event loop, with one client.
  final class Loop {
    let socket: NonBlockingSocket
    let epoll: Epoll
    private let client: EchoClient
    private var sent = 0
    /// The number of bytes that were read and have not been written.
    private var pending: Int { sent - socket.unread - socket.written.count }

    init(room: Int = 1000) {
      Events.start("system calls:")
      socket = NonBlockingSocket("the client", room: room)
      epoll = Epoll(socket)
      client = EchoClient(socket, epoll)
    }

    func send(_ text: String) {
      sent += text.utf8.count
      socket.arrive(Array(text.utf8))
      run()
    }

    /// Handles events until epoll_wait would sleep. Fails if a wake-up moved no bytes.
    func run() {
      while let ready = epoll.wait() {
        let before = (socket.unread, socket.written.count, socket.isClosed)
        client.handle(ready)
        if before == (socket.unread, socket.written.count, socket.isClosed) { failAwake(ready) }
      }
    }

    func handle(_ ready: Interest) { client.handle(ready) }

    /// The number of bytes that the client object still holds.
    var kept: Int { keptElements(in: client) }

    private func failAwake(_ ready: Interest) -> Never {
      if pending > 0 && socket.room == 0 {
        fail(
          "bytes that you don't want to read yet wake the loop again and again",
          "There are still bytes to write, so you don't read. But epoll still watches for bytes, "
            + "and because it is level-triggered, it reports them until they are read.")
      }
      if ready.contains(.readable) || pending > 0 {
        fail(
          "an event wakes the loop again and again, and your code does nothing about it",
          "A level-triggered epoll reports a socket again and again until it is no longer ready.")
      }
      if epoll.changes == 0 {
        fail(
          "the client sends nothing, but epoll_wait does not sleep",
          "The socket is writable, because the kernel nearly always has room. You have nothing to "
            + "write, so don't ask epoll to watch for room."
        )
      }
      fail(
        "epoll still watches for room, although it is no longer needed",
        "The client has caught up, and nothing is left to write. From now on the socket is "
          + "writable all the time, so epoll_wait would never sleep."
      )
    }

    /// Lets the client read `count` bytes at a time, until no more arrive.
    func readsSlowly(_ count: Int = 4) {
      var before = -1
      while before < socket.written.count {
        before = socket.written.count
        if socket.room == 0 { socket.makeRoom(count) }
        run()
      }
    }
  }
}

struct Interest: OptionSet {
  let rawValue: Int
  static let readable = Interest(rawValue: 1)
  static let writable = Interest(rawValue: 2)
}

/// A level-triggered epoll that watches one socket.
final class Epoll {
  private let socket: NonBlockingSocket
  private var interest: Interest?
  /// Calls of ``modify(_:)``.
  private(set) var changes = 0
  /// Calls of ``modify(_:)`` that changed nothing.
  fileprivate private(set) var repeats = 0

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  func add(_ interest: Interest) {
    expect(
      self.interest == nil, "epoll.add was called twice",
      "The second epoll_ctl(2) fails with EEXIST. To change the interest, call epoll.modify.")
    Events.add("  epoll_ctl(ADD, \(text(interest)))")
    self.interest = interest
  }

  func modify(_ interest: Interest) {
    expect(self.interest != nil, "epoll.modify was called before epoll.add or after epoll.remove")
    Events.add("  epoll_ctl(MOD, \(text(interest)))")
    if interest == self.interest { repeats += 1 }
    self.interest = interest
    changes += 1
  }

  func remove() {
    Events.add("  epoll_ctl(DEL)")
    interest = nil
  }

  /// Returns what is ready and was asked for, or `nil` if a real epoll_wait would sleep now.
  fileprivate func wait() -> Interest? {
    guard let interest else { return nil }
    var ready: Interest = []
    if socket.isReadable { ready.insert(.readable) }
    if socket.room > 0 { ready.insert(.writable) }
    ready.formIntersection(interest)
    if socket.isReset && !socket.isClosed { ready = [.readable, .writable] }
    Events.add("epoll_wait: " + (ready.isEmpty ? "sleeps" : text(ready)))
    return ready.isEmpty ? nil : ready
  }

  private func text(_ interest: Interest) -> String {
    let names = [(Interest.readable, "readable"), (.writable, "writable")]
    let text = names.filter { interest.contains($0.0) }.map(\.1).joined(separator: " and ")
    return text.isEmpty ? "nothing" : text
  }
}
