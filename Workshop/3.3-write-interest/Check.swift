import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that says nothing does not wake the loop") { idle() },
    Part("an echo that the kernel takes at once comes back, with no epoll_ctl") { fast() },
    Part("a slow reader gets the whole echo") { slow() },
    Part("while it waits for room, what else it sends does not wake the loop") { both() },
    Part("once the echo is out, the loop sleeps again, until the next bytes come") {
      sleepsAgain()
    },
    Part("a client that leaves, or whose connection breaks") { leaves() },
    Part("an event that comes to nothing") { nothing() },
  ]

  static func idle() { Loop().run() }

  static func fast() {
    let loop = Loop()
    var sent = ""
    for number in 1...10 {
      sent += "message \(number)"
      loop.send("message \(number)")
      expect(
        loop.socket.written, equals: Array(sent.utf8), "the echo has not come back",
        "There is room: what was read can be written. And epoll reports only what you asked for."
      )
    }
    expect(
      loop.epoll.changes == 0,
      "\(loop.epoll.changes) system calls for nothing: ten echoes, and the interest is the same "
        + "before and after",
      "Try to write first. Only when the kernel does not take everything is there something to "
        + "wait for. And tell epoll only "
        + "what it does not know yet.")
  }

  static func slow() {
    for text in ["abcdefghij", String(repeating: "0123456789", count: 1000)] {
      let loop = Loop(room: 4)
      loop.send(text)
      loop.readsSlowly(text.utf8.count > 100 ? 1000 : 4)
      expect(
        loop.socket.written.count == text.utf8.count || loop.kept > 0,
        "the rest of the echo is thrown away",
        "The kernel took a part of it. Remove that part from the output, and keep the rest until "
          + "there is room.")
      expect(
        loop.socket.written.count == text.utf8.count, "the rest of the echo is never written",
        "The kernel took four bytes and was full. Now there is room, but epoll reports only what "
          + "you asked for."
      )
      expect(
        loop.socket.written, equals: Array(text.utf8), "the echo is not what the client has sent")
      expect(
        loop.epoll.repeats == 0, "epoll is told what it knows already",
        "After each part of the echo the interest is the same as before, and epoll_ctl is a "
          + "system call for nothing. Call it "
          + "only when the interest changes.")
    }
  }

  static func both() {
    let loop = Loop(room: 4)
    loop.send("abcdefghij")
    loop.send("klm")
    expect(
      loop.socket.unread, equals: 3, "something is left to write, and more is read",
      "Do not read from a client that does not take its echo: otherwise the server keeps all of "
        + "it in memory."
    )
    loop.readsSlowly()
    expect(
      loop.socket.written, equals: Array("abcdefghijklm".utf8),
      "what was sent in the meantime does not come back",
      "Nothing is left to write: now epoll has to watch for bytes again.")
  }

  static func sleepsAgain() {
    let loop = Loop(room: 4)
    loop.send("abcdefghij")
    loop.readsSlowly()
    loop.socket.makeRoom(1000)
    loop.run()
    loop.send("xyz")
    expect(
      loop.socket.written, equals: Array("abcdefghijxyz".utf8), "the next echo has not come back",
      "Nothing is left to write: now epoll has to watch for bytes again.")
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
          ? "the connection broke, and its socket is still open"
          : "the client has left, and its socket is still open",
        isReset
          ? "write says ECONNRESET: -1 is not always EAGAIN. What is left to write, no one will "
            + "ever read."
          : "read returns 0 at the end of the stream.")
    }
  }

  /// Readiness is a hint: when the call comes, the bytes may be gone (epoll(7)).
  static func nothing() {
    let loop = Loop()
    loop.handle(.readable)
    expect(
      !loop.socket.isClosed,
      "an event came, nothing was there to read, and the client was thrown out",
      "read says EAGAIN: not now. Only 0 and other errors are the end.")
    loop.send("abc")
    expect(
      loop.socket.written, equals: Array("abc".utf8), "the echo has not come back",
      "An event that came to nothing changes nothing.")
  }
}

extension Check {
  /// The event loop, with one client.
  final class Loop {
    let socket: NonBlockingSocket
    let epoll: Epoll
    private let client: EchoClient
    private var sent = 0
    /// What was read and has not been written.
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

    /// Until epoll_wait would sleep. A wake-up that moves no byte is one too many.
    func run() {
      while let ready = epoll.wait() {
        let before = (socket.unread, socket.written.count, socket.isClosed)
        client.handle(ready)
        if before == (socket.unread, socket.written.count, socket.isClosed) { failAwake(ready) }
      }
    }

    func handle(_ ready: Interest) { client.handle(ready) }

    /// How many bytes the client still has to write.
    var kept: Int { keptElements(in: client) }

    private func failAwake(_ ready: Interest) -> Never {
      if pending > 0 && socket.room == 0 {
        fail(
          "the loop is woken, again and again, by bytes that it does not want now",
          "Something is left to write, so nothing is read; but epoll still watches for bytes, and "
            + "with a level trigger it "
            + "reports them until they are read.")
      }
      if ready.contains(.readable) || pending > 0 {
        fail(
          "the loop is woken, again and again, and nothing is done about it",
          "With a level trigger, what is ready is reported until it is taken.")
      }
      if epoll.changes == 0 {
        fail(
          "the client says nothing, and epoll_wait does not sleep",
          "The socket is writable: the kernel has room, as it nearly always has. There is nothing "
            + "to write, so this is no news."
        )
      }
      fail(
        "the interest in writing was once needed, and is still switched on",
        "The client has caught up and there is nothing to write. From now on its socket is "
          + "writable all the time."
      )
    }

    /// The client reads so many bytes at a time, as long as some come.
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
  /// Those of them that changed nothing.
  fileprivate private(set) var repeats = 0

  init(_ socket: NonBlockingSocket) { self.socket = socket }

  func add(_ interest: Interest) {
    expect(
      self.interest == nil, "epoll.add is called twice",
      "epoll_ctl(2) answers EEXIST. To change the interest, modify it.")
    Events.add("  epoll_ctl(ADD, \(text(interest)))")
    self.interest = interest
  }

  func modify(_ interest: Interest) {
    expect(self.interest != nil, "epoll.modify before epoll.add, or after epoll.remove")
    Events.add("  epoll_ctl(MOD, \(text(interest)))")
    if interest == self.interest { repeats += 1 }
    self.interest = interest
    changes += 1
  }

  func remove() {
    Events.add("  epoll_ctl(DEL)")
    interest = nil
  }

  /// What is ready and was asked for; `nil` if a real one would sleep now.
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
