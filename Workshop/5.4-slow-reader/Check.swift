import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("who reads gets every frame, in order, although one client never reads") { others() },
    Part("the outbox of the client that never reads is bounded") { bounded() },
    Part("it is cut off, and knows that it missed something") { cutOff() },
    Part("where one broadcast cuts off two, the others stay") { twoAtOnce() },
    Part("who is slow for a while gets every frame, in order") { slow() },
    Part("who reads again just before the limit stays") { atTheLimit() },
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
        "Nobody will ever send them. It was for the memory that it was cut off.")
      expect(
        count <= limit,
        "after broadcast \(number), \(count) bytes lie in the outbox of a client that does not read",
        "The limit is \(limit). Without one, a single client that does not read takes all the memory there is."
      )
    }
  }

  static func cutOff() {
    let scene = Scene()
    scene.broadcast(1...100)
    expect(
      scene.b.socket.isClosed, "B misses frames, and does not learn of it",
      "Frames for B were thrown away, and its connection goes on as if nothing had happened. In a chat that is worse than "
        + "an end: a client that was cut off connects again, and asks for what it missed.",
      happened: "100 broadcasts, no room for all of them, and B's socket is open")
    expect(
      !scene.registry.clients.contains { $0 === scene.b },
      "B was cut off, and the registry still knows it",
      "Each broadcast would go to it again, for ever.")
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
      "When an element is removed from an array, those behind it move up: the next one is not where it was any more."
    )
  }

  static func slow() {
    let scene = Scene()
    scene.broadcast(1...40)
    expect(
      !scene.b.socket.isClosed, "B was slow for a moment, and was cut off",
      "Every client is, now and then: a short write says that the kernel's buffer is full, and no more. For that there is an "
        + "outbox, and it was not full.")
    scene.b.socket.read()
    scene.b.flush()
    scene.broadcast(41...50)
    scene.b.socket.read()
    scene.b.flush()
    scene.b.socket.read()
    expect(
      scene.b.socket.received == frames(1...50),
      "B was slow for a while, and has not got the 50 frames in their order",
      "The kernel takes a part of the outbox; what is left waits, and new frames go behind it.",
      happened: summary(scene.b))
  }

  static func atTheLimit() {
    let scene = Scene()
    scene.broadcast(1...60)
    expect(
      !scene.b.socket.isClosed, "B was cut off with exactly \(limit) bytes in its outbox",
      "So many it may leave lying. Who leaves more is cut off.")
    scene.b.socket.read()
    scene.broadcast(61...62)
    expect(
      !scene.b.socket.isClosed, "B has made room, and was cut off all the same",
      "B had read everything that the kernel had for it, only nobody had asked the kernel since. So try first, and then look "
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

/// Three clients; the kernel has room for 2,000 bytes for each, and B reads only when it is told.
struct Scene {
  let registry = Registry()
  let a = Client(BufferedSocket("A", room: 2000, isReading: true))
  let b = Client(BufferedSocket("B", room: 2000, isReading: false))
  let c = Client(BufferedSocket("C", room: 2000, isReading: true))

  init() {
    Events.start("B's socket:")
    for client in [a, b, c] { registry.join(client) }
  }

  func broadcast(_ numbers: ClosedRange<Int>) {
    explain(
      crash:
        "An array whose elements are removed while a loop counts through it ends before the loop does."
    ) {
      for number in numbers { registry.broadcast(Check.frame(number)) }
    }
  }
}
