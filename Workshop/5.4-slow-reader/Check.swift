import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that reads gets every frame, in order, although another one never reads") {
      others()
    },
    Part("the outbox of the client that never reads is bounded") { bounded() },
    Part("it is cut off, and knows that it missed something") { cutOff() },
    Part("if one broadcast cuts off two, the others stay") { twoAtOnce() },
    Part("a client that is slow for a while gets every frame, in order") { slow() },
    Part("the limit is in bytes, whatever the frames' size") { sizes() },
    Part("a client that reads again just before the limit stays") { atTheLimit() },
    Part("of a client that was cut off, nothing is kept") { keepsNothing() },
  ]

  static func others() {
    let scene = Scene()
    scene.broadcast(1...1000)
    for client in [scene.a, scene.c] {
      expect(
        client.socket.received == frames(1...1000),
        "a client that reads has not got the 1,000 frames in their order",
        "What another client does, or does not do, is no reason to miss anything.",
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
        "B was cut off, and its outbox still holds \(count) bytes",
        "They will never be sent. It was cut off to get this memory back.")
      expect(
        count <= limit,
        "after broadcast \(number), \(count) bytes are in the outbox of a client that does not "
          + "read",
        "The limit is \(limit). Without one, a single client that does not read takes all the "
          + "memory there is."
      )
    }
  }

  static func cutOff() {
    let scene = Scene()
    scene.broadcast(1...100)
    expect(
      scene.b.socket.isClosed, "B misses frames, and does not learn of it",
      "Frames for B were thrown away, and its connection goes on as if nothing had happened. In a "
        + "chat that is worse than "
        + "an end: a client that was cut off connects again, and asks for what it missed.",
      happened: "100 broadcasts, no room for all of them, and B's socket is open")
    expect(
      !scene.registry.clients.contains { $0 === scene.b },
      "B was cut off, and the registry still knows it",
      "Each broadcast would go to it again, forever.")
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
      "broadcast 61 cuts off B and D, and then the registry knows others than it should",
      "When an element is removed from an array, those after it move up: the next one is not "
        + "where it was any more."
    )
    let neighbors = Scene(extra: ["D", "E"])
    neighbors.broadcast(1...61)
    expect(
      neighbors.registry.clients.count, equals: 2,
      "broadcast 61 cuts off B and its two neighbors, and then the registry knows others than it "
        + "should",
      "When an element is removed from an array, those after it move up, and a loop that counts "
        + "on passes over the next one."
    )
  }

  /// With each size, as many frames as the kernel and the outbox hold; then one that is too much.
  static func sizes() {
    for size in [7, 350, 999, 3999] {
      let scene = Scene()
      let frame = Array(repeating: UInt8(ascii: "x"), count: size)
      let fit = (2000 + limit) / size
      for _ in 0..<fit { scene.registry.broadcast(frame) }
      expect(
        !scene.b.socket.isClosed,
        "with frames of \(size) bytes B is cut off, and at most \(limit) bytes were in its outbox",
        "The limit is a number of bytes. Count what is in the outbox, not how many frames there "
          + "were."
      )
      scene.registry.broadcast(frame)
      expect(
        scene.b.outbox.count <= limit && (scene.b.socket.isClosed || scene.b.outbox.count > 0),
        "with frames of \(size) bytes, more than \(limit) bytes are in the outbox",
        "The limit is a number of bytes. Count what is in the outbox, not how many frames there "
          + "were.",
        happened: "\(scene.b.outbox.count) bytes")
      expect(
        scene.b.socket.isClosed,
        "with frames of \(size) bytes B has more than the limit, and is not cut off",
        "Frame number \(fit + 1) was too much: the kernel has 2,000 bytes, and the outbox has "
          + "room for \(limit)."
      )
    }
  }

  /// The check holds the client weakly.
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
      slow == nil, "a client was cut off, and its object is still kept",
      "Its socket is closed and its outbox is empty, but the object is in memory forever. Remove "
        + "it from all collections."
    )
  }

  static func slow() {
    let scene = Scene()
    scene.broadcast(1...40)
    expect(
      !scene.b.socket.isClosed, "B was slow for a moment, and was cut off",
      "Every client is, now and then: a short write says that the kernel's buffer is full, and no "
        + "more. The outbox is for that, "
        + "and it was not full.")
    scene.b.socket.read()
    scene.b.flush()
    scene.broadcast(41...50)
    scene.b.socket.read()
    scene.b.flush()
    scene.b.socket.read()
    expect(
      scene.b.socket.received == frames(1...50),
      "B was slow for a while, and has not got the 50 frames in their order",
      "The kernel takes a part of the outbox; what is left waits, and new frames are appended to "
        + "it.",
      happened: summary(scene.b))
  }

  static func atTheLimit() {
    let scene = Scene()
    scene.broadcast(1...60)
    expect(
      !scene.b.socket.isClosed, "B was cut off with exactly \(limit) bytes in its outbox",
      "It may leave this many unread. A client that leaves more is cut off.")
    scene.b.socket.read()
    scene.broadcast(61...62)
    expect(
      !scene.b.socket.isClosed, "B has made room, and was cut off anyway",
      "B had read everything that the kernel had for it, but the kernel was not asked since. Try "
        + "to write first, and then look at "
        + "what is left.")
  }

  static func frames(_ numbers: ClosedRange<Int>) -> [UInt8] { numbers.flatMap(frame) }

  /// 100 bytes.
  static func frame(_ number: Int) -> [UInt8] {
    let text = "frame \(number) "
    return Array(text.utf8) + Array(repeating: UInt8(ascii: "."), count: 100 - text.utf8.count)
  }

  static func summary(_ client: Client) -> String {
    let bytes = client.socket.received
    let count =
      (1...1000).first { !bytes.dropFirst(($0 - 1) * 100).starts(with: frame($0)) } ?? 1001
    return "\(bytes.count) bytes; \(count - 1) frames in order, and then "
      + show(bytes.dropFirst((count - 1) * 100).prefix(20))
  }
}

extension Check {
  /// Three clients; the kernel has room for 2,000 bytes for each, and B reads only when it is told.
  struct Scene {
    let registry = Registry()
    let a = Client(BufferedSocket("A", room: 2000, isReading: true))
    let b = Client(BufferedSocket("B", room: 2000, isReading: false))
    let c = Client(BufferedSocket("C", room: 2000, isReading: true))

    /// - Parameter extra: clients that do not read, next to B.
    init(extra: [String] = []) {
      Events.start("B's socket:")
      let others = extra.map { Client(BufferedSocket($0, room: 2000, isReading: false)) }
      for client in [a, b] + others + [c] { registry.join(client) }
    }

    func broadcast(_ numbers: ClosedRange<Int>) {
      explain(
        crash:
          "An array whose elements are removed while a loop counts through it ends before the "
          + "loop does."
      ) {
        for number in numbers { registry.broadcast(Check.frame(number)) }
      }
    }
  }
}
