import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client's own copy comes before its next answer") { ownCopy() },
    Part("clients that join at the same moment have different numbers") { numbers() },
    Part("all clients receive broadcasts in the same order") { order() },
    Part("a message for one client finds its loop") { send() },
    Part("a client that left is gone for all loops") { left() },
  ]

  /// Connects clients of /ws, one after another: loop 1, loop 2, …
  static func join(_ names: [String], _ server: Program) -> [Client] {
    names.map { name in
      let client = server.connect(name)
      client.openWebSocket()
      server.settle()
      return client
    }
  }

  static func order() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    server.deliverAtOnce {
      for client in clients[..<2] { client.send((1...10).flatMap { _ in frame("broadcast") }) }
    }
    let heard = clients.map { client in
      (1...20).map { _ in client.receiveFrame()?.text.last.map(String.init) ?? "nothing" }
    }
    expect(
      !heard.joined().contains("nothing"), "A and B broadcast, but some frames are missing",
      "Each of them broadcasts 10 times, so every client must get 20 frames.")
    expect(
      Set(heard).count == 1,
      "A and B broadcast at the same moment, and the clients disagree about who was first",
      "A and C belong to one loop, B and D to the other. If each loop gives a frame to its own "
        + "clients first, two readers of one chat see two different conversations. Let one actor "
        + "decide: send all frames through it, including those for the sender's loop.",
      expected: "C and D receive the same frames in the same order",
      happened: "C receives \(heard[2].joined(separator: " "))\nD receives "
        + heard[3].joined(separator: " "))
  }

  /// Several frames in one `send` arrive in one piece.
  static func frame(_ text: String) -> [UInt8] { Client.frame(0x81, Array(text.utf8)) }

  static func ownCopy() {
    let server = Program("--loops", "2")
    let b = join(["A", "B"], server)[1]
    b.send(frame("broadcast") + frame("whoami"))
    let frames = (1...2).map { _ in b.receiveFrame()?.text ?? "nothing" }
    expect(
      frames[0].hasPrefix("Hello from client"),
      "B broadcasts, then asks, and gets the answer before its own copy",
      "B's frame is still on its way through the manager. Read no more messages until the manager "
        + "has replied: the client waits in .awaitingReply.",
      expected: "Hello from client 2, then You are client 2",
      happened: frames.joined(separator: ", then "))
    expect(
      frames[1].hasPrefix("You are client"), "B broadcasts, then asks, but gets no answer",
      "When the manager has replied, the client continues: handleReply ends with advance.",
      happened: frames.joined(separator: ", then "))
  }

  static func numbers() {
    let server = Program("--loops", "4")
    let clients = ["A", "B", "C", "D", "E", "F", "G", "H"].map { server.connect($0) }
    server.deliverAtOnce {
      for client in clients {
        client.ask(
          "/ws", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
      }
    }
    let numbers = clients.map { client in
      client.expectReply(101, "\(client.name) asks for a WebSocket, but does not get one")
      client.say("whoami")
      return client.receiveFrame()?.text ?? "nothing"
    }
    expect(
      Set(numbers) == Set((1...8).map { "You are client \($0)" }),
      "8 clients joined at the same moment, but their numbers are not 1 to 8",
      "Count in the actor, which does one thing at a time, and send the number in the reply.",
      happened: numbers.joined(separator: ", "))
  }

  static func send() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B", "C", "D"], server)
    clients[0].say("send 4 how are you?")
    clients[3].expectText("From client 1: how are you?", "A wrote to D, but D does not receive it")
    clients[0].say("send 3 and you?")
    clients[2].expectText("From client 1: and you?", "A wrote to C, but C does not receive it")
    clients[1].expectNothing(
      "A wrote to C and to D, but B receives it",
      "A token names a connection on one loop. On another loop, the same token names another "
        + "client.")
    clients[0].say("send 99 hello")
    clients[0].expectText(
      "No client 99", "A wrote to a client that does not exist, but is not told")
  }

  static func left() {
    let server = Program("--loops", "2")
    let clients = join(["A", "B"], server)
    clients[1].hangUp()
    server.settle()
    clients[0].say("send 2 hello")
    clients[0].expectText(
      "No client 2", "B left its loop and A wrote to it from another loop, but A is not told",
      "When a connection closes, its loop takes it out of the registry that all loops share.")
  }
}
