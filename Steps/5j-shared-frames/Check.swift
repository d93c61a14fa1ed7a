import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that does not read is cut off, unless you say otherwise") { dropClient() },
    Part("with --slow drop-oldest, it stays connected and loses the oldest frames") {
      dropOldest()
    },
    Part("a frame for many clients is in memory only once") { shared() },
  ]

  static func join(_ name: String, _ server: Program, receiveBuffer: Int32? = nil) -> Client {
    let client = server.connect(name, receiveBuffer: receiveBuffer)
    client.openWebSocket()
    return client
  }

  static func text(_ number: Int) -> String {
    "\(number) \(String(repeating: "x", count: 8000)) \(number)"
  }

  static func frame(_ text: String) -> [UInt8] { Client.frame(0x81, Array(text.utf8)) }

  /// Writes to A, which does not read. Returns how many frames it took until A was cut off.
  static func write(_ count: Int, to a: Client, from b: Client) -> Int {
    for number in 1...count {
      b.send(frame("send 1 \(text(number))") + frame("whoami"))
      let frame = b.receiveFrame()
      if frame?.text == "No client 1" { return number - 1 }
      expect(
        frame?.text == "You are client 2", "A does not read, and now B gets no answer",
        "Put the frame into A's outbox and return. Do not wait until A reads.")
    }
    return count
  }

  static func dropClient() {
    let server = Program("--loops", "2", "--timeout", "60s")
    let a = join("A", server, receiveBuffer: 4096)
    server.settle()
    let b = join("B", server)
    expect(
      write(60, to: a, from: b) < 60,
      "without --slow, a client that does not read stays connected",
      "A chat that leaves out sentences is worse than one that disconnects. drop-client is the "
        + "default.",
      expected: "B gets 'No client 1'", happened: "A is still connected")
  }

  static func dropOldest() {
    let server = Program("--loops", "2", "--timeout", "60s", "--slow", "drop-oldest")
    let a = join("A", server, receiveBuffer: 32 * 1024)
    server.settle()
    let b = join("B", server)
    let taken = write(60, to: a, from: b)
    expect(
      taken == 60, "the server runs with --slow drop-oldest, but A is cut off",
      "When the backlog is over the limit, drop the oldest waiting frames until it is not.",
      expected: "A stays connected", happened: "after \(taken) frames, B gets 'No client 1'")
    var numbers: [Int] = []
    while numbers.last != 60, let frame = a.receiveFrame() {
      let number = frame.text.split(separator: " ").last.flatMap { Int($0) } ?? 0
      expect(
        frame.text == "From client 2: \(text(number))", "A reads again, and a frame is broken",
        "The kernel took half of the first waiting frame. The other half has to follow, so drop "
          + "the frames after it.",
        happened: "after \(numbers): \(frame.text.count) characters, which "
          + "start with '\(frame.text.prefix(20))' and end with '\(frame.text.suffix(5))'")
      numbers.append(number)
    }
    expect(
      numbers.last == 60, "A reads again, but the newest frame is missing",
      "drop-oldest is for prices and positions: only the latest one counts.",
      happened: "A has \(numbers)")
    expect(
      numbers.count < 55 && numbers == numbers.sorted(),
      "the server keeps everything that A did not read",
      "The limit is 64 KiB: drop the oldest frames when there are more.",
      happened: "A has \(numbers)")
  }

  static func shared() {
    let server = Program("--loops", "2", "--timeout", "60s", "--slow", "drop-oldest")
    let clients = (1...200).map { join("client \($0)", server, receiveBuffer: 4096) }
    let b = join("B", server)
    for client in clients + [b] {
      client.say("subscribe news")
      client.expectText("Subscribed to news", "\(client.name) subscribes, but gets no confirmation")
    }
    let before = server.memory
    var most = 0
    for number in 1...40 {
      b.say("publish news \(text(number))")
      _ = b.receiveFrame()
      most = max(most, server.memory - before)
    }
    expect(
      most < 6 << 20, "200 clients do not read, and each has its own copy of the same frames",
      "All of them wait for the same bytes. In Swift, an array is a reference to its elements "
        + "until you change it, so keep a list of frames, and do not append bytes to bytes.",
      expected: "less than 6 MiB for 200 clients", happened: "\(most >> 10) KiB")
  }
}
