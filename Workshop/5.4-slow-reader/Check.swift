import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that reads gets every frame in order, even if another client never reads") {
      others()
    },
    Part("the outbox of the client that never reads is bounded") { bounded() },
    Part("the client that never reads is disconnected, so it knows that it missed something") {
      cutOff()
    },
    Part("if one broadcast disconnects two clients, the others stay connected") { twoAtOnce() },
    Part("a client that is slow for a while gets every frame, in order") { slow() },
    Part("the limit counts bytes, whatever the size of the frames") { sizes() },
    Part("a client that starts reading again just before the limit stays connected") {
      atTheLimit()
    },
    Part("nothing is kept about a client that was disconnected") { keepsNothing() },
  ]

  static func others() {
    let scene = Scene()
    scene.broadcast(1...1000)
    for client in [scene.a, scene.c] {
      expect(
        client.socket.received == frames(1...1000),
        "a client that reads did not get all 1,000 frames in order",
        "Another client that does not read must not make this one miss anything.",
        happened: summary(client))
    }
  }

  static func bounded() {
    let scene = Scene()
    for number in 1...1000 {
      scene.broadcast(number...number)
      let count = scene.b.outbox.count
      expect(
        !scene.b.socket.isClosed || count == 0,
        "B was disconnected, but its outbox still holds \(count) bytes",
        "These bytes will never be sent. Disconnecting B was supposed to free this memory, so "
          + "empty the outbox.")
      expect(
        count <= limit,
        "after broadcast \(number), the outbox of a client that does not read holds \(count) bytes",
        "The limit is \(limit) bytes. Without a limit, a single client that does not read can use "
          + "up all of the server's memory."
      )
    }
  }

  static func cutOff() {
    let scene = Scene()
    scene.broadcast(1...100)
    expect(
      scene.b.socket.isClosed, "B missed frames and has no way of knowing it",
      "Frames for B were thrown away, but its connection stays open as if nothing had happened. In "
        + "a chat, that is worse than being disconnected: a disconnected client connects again "
        + "and asks for what it missed.",
      happened: "100 broadcasts did not fit, and B's socket is still open")
    expect(
      !scene.registry.clients.contains { $0 === scene.b },
      "B was disconnected, but it is still in the registry",
      "Every later broadcast would be sent to B again, forever.")
  }

  static func twoAtOnce() {
    let scene = Scene()
    let d = Client(BufferedSocket("D", room: 2000, isReading: false))
    let e = Client(BufferedSocket("E", room: 2000, isReading: true))
    for client in [d, e] { scene.registry.join(client) }
    scene.broadcast(1...61)
    let there = zip(["A", "B", "C", "D", "E"], [scene.a, scene.b, scene.c, d, e])
      .filter { pair in scene.registry.clients.contains { $0 === pair.1 } }
    expect(
      there.map(\.0), equals: ["A", "C", "E"],
      "broadcast 61 disconnects B and D, and afterward the wrong clients are in the registry",
      "When you remove an element from an array, the elements after it move up, so the next "
        + "element is no longer at the index where you look for it."
    )
    let neighbors = Scene(extra: ["D", "E"])
    neighbors.broadcast(1...61)
    expect(
      neighbors.registry.clients.count, equals: 2,
      "broadcast 61 disconnects B and its two neighbors, and afterward the wrong clients are in "
        + "the registry",
      "When you remove an element from an array, the elements after it move up, and a loop that "
        + "counts through the indices skips the next element."
    )
  }

  /// For each size, sends as many frames as the kernel and the outbox can hold, and then one more.
  static func sizes() {
    for size in [7, 350, 999, 3999] {
      let scene = Scene()
      let frame = Array(repeating: UInt8(ascii: "x"), count: size)
      let fit = (2000 + limit) / size
      for _ in 0..<fit { scene.registry.broadcast(frame) }
      expect(
        !scene.b.socket.isClosed,
        "with frames of \(size) bytes, B was disconnected although its outbox never held more than "
          + "\(limit) bytes",
        "The limit is a number of bytes. Count the bytes in the outbox, not the frames."
      )
      scene.registry.broadcast(frame)
      expect(
        scene.b.outbox.count <= limit && (scene.b.socket.isClosed || scene.b.outbox.count > 0),
        "with frames of \(size) bytes, the outbox holds more than \(limit) bytes",
        "The limit is a number of bytes. Count the bytes in the outbox, not the frames.",
        happened: "\(scene.b.outbox.count) bytes")
      expect(
        scene.b.socket.isClosed,
        "with frames of \(size) bytes, B is over the limit but was not disconnected",
        "Frame \(fit + 1) did not fit: the kernel holds 2,000 bytes, and the outbox has room for "
          + "\(limit)."
      )
    }
  }

  /// The check holds only a weak reference, so the registry is the client's only owner.
  static func keepsNothing() {
    let registry = Registry()
    weak var slow: Client?
    do {
      let client = Client(BufferedSocket("F", room: 0, isReading: false))
      slow = client
      registry.join(client)
    }
    for _ in 1...2 { registry.broadcast(Array(repeating: 0, count: limit)) }
    expect(
      slow == nil, "a client was disconnected, but its object is still in memory",
      "The socket is closed and the outbox is empty, but the object stays in memory forever. "
        + "Remove it from every collection."
    )
  }

  static func slow() {
    let scene = Scene()
    scene.broadcast(1...40)
    expect(
      !scene.b.socket.isClosed, "B was slow for a moment, and the server disconnected it",
      "Every client is slow now and then: a short write only means that the kernel's buffer is "
        + "full. That is what the outbox is for, and the outbox was not full.")
    scene.b.socket.read()
    scene.b.flush()
    scene.broadcast(41...50)
    scene.b.socket.read()
    scene.b.flush()
    scene.b.socket.read()
    expect(
      scene.b.socket.received == frames(1...50),
      "B was slow for a while, and it did not get all 50 frames in order",
      "When the kernel takes only part of the outbox, the rest must stay there, and new frames "
        + "must be appended after it.",
      happened: summary(scene.b))
  }

  static func atTheLimit() {
    let scene = Scene()
    scene.broadcast(1...60)
    expect(
      !scene.b.socket.isClosed, "B was disconnected with exactly \(limit) bytes in its outbox",
      "A client may have this many bytes in its outbox. Disconnect it only when there are more.")
    scene.b.socket.read()
    scene.broadcast(61...62)
    expect(
      !scene.b.socket.isClosed, "B made room by reading, but was disconnected anyway",
      "B had read everything in the kernel's buffer, but the server did not try to write again. "
        + "Write first, and then look at what is left in the outbox.")
  }

  static func frames(_ numbers: ClosedRange<Int>) -> [UInt8] { numbers.flatMap(frame) }

  /// A frame of 100 bytes.
  static func frame(_ number: Int) -> [UInt8] {
    let text = "frame \(number) "
    return Array(text.utf8) + Array(repeating: UInt8(ascii: "."), count: 100 - text.utf8.count)
  }

  static func summary(_ client: Client) -> String {
    let bytes = client.socket.received
    let count =
      (1...1000).first { !bytes.dropFirst(($0 - 1) * 100).starts(with: frame($0)) } ?? 1001
    return "\(bytes.count) bytes: \(count - 1) frames in order, and then "
      + show(bytes.dropFirst((count - 1) * 100).prefix(20))
  }
}

extension Check {
  /// Three clients. The kernel has room for 2,000 bytes for each of them, and B reads only when the
  /// check tells it to.
  struct Scene {
    let registry = Registry()
    let a = Client(BufferedSocket("A", room: 2000, isReading: true))
    let b = Client(BufferedSocket("B", room: 2000, isReading: false))
    let c = Client(BufferedSocket("C", room: 2000, isReading: true))

    /// - Parameter extra: more clients that do not read, placed next to B.
    init(extra: [String] = []) {
      Events.start("B's socket:")
      let others = extra.map { Client(BufferedSocket($0, room: 2000, isReading: false)) }
      for client in [a, b] + others + [c] { registry.join(client) }
    }

    func broadcast(_ numbers: ClosedRange<Int>) {
      explain(
        crash:
          "The loop counts up to the array's original length, but removing elements made the array "
          + "shorter."
      ) {
        for number in numbers { registry.broadcast(Check.frame(number)) }
      }
    }
  }
}
