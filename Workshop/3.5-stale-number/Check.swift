import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("each client gets the answer to its own question") { own() },
    Part("when a client leaves, its number is free for the next one") { givesBack() },
    Part("in one batch: Alice leaves, Bob gets her number, Alice's answer arrives") { oneBatch() },
    Part("the same, but the answer arrives in a later batch") { laterBatch() },
    Part("neither Alice's deadline nor her hang-up disconnects Bob") { deadline() },
    Part("a connected client gets every answer, no matter who leaves") { stays() },
    Part("a client that leaves twice is closed once") { leavesTwice() },
    Part("when a client leaves, its number is free within the same batch") { atOnce() },
    Part("any number of clients can use the same number in between") { generations() },
    Part("nothing is kept about clients that have left") { keepsNothing() },
  ]

  static func own() {
    var bank = Bank()
    bank.batch(.knock("alice"), .knock("bob"))
    bank.batch(.request("alice"), .request("bob"))
    bank.batch(.answer("bob"), .answer("alice"))
    bank.expectMail("alice", ["alice's balance"], lost)
    bank.expectMail("bob", ["bob's balance"], lost)
  }

  static let lost = "a client that is still connected did not get its answer"

  static func givesBack() {
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.hangUp("alice"))
    expect(
      bank.kernel.isFree(5), "Alice left, but her descriptor is still open",
      "It's true that a number you never free can't be mixed up. But after a thousand clients, no "
        + "numbers are left, and accept fails."
    )
    bank.batch(.knock("bob"))
    bank.batch(.request("bob"))
    bank.batch(.answer("bob"))
    bank.expectMail("bob", ["bob's balance"], lost)
  }

  static func oneBatch() {
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.request("alice"))
    bank.batch(.hangUp("alice"), .knock("bob"), .answer("alice"))
    if bank.kernel.mail["bob"] == nil { return }
    expect(
      bank.kernel.tokens["alice"] == bank.kernel.tokens["bob"],
      "Bob reads Alice's balance, although their tokens differ",
      "Each client has a unique token, but you look only at its number. Compare the whole token "
        + "with the token of the client that has the number now.")
    fail(
      "Bob reads Alice's balance",
      "Alice and then Bob had the same descriptor, and the answer was meant for Alice. The number "
        + "says which client is there now; the token must say which client the event was meant "
        + "for.")
  }

  static func laterBatch() {
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.request("alice"))
    bank.batch(.hangUp("alice"))
    bank.batch(.knock("bob"))
    bank.batch(.answer("alice"))
    let (alice, bob) = (bank.kernel.tokens["alice"], bank.kernel.tokens["bob"])
    expect(
      bank.kernel.mail["bob"] == nil || alice != bob || alice?.generation == 0,
      "Alice and Bob have the same token, including the generation",
      "A generation that is reused, by chance or because it has too few bits, can't tell two "
        + "clients apart. Count up, and never start over.")
    bank.expectMail(
      "bob", [], "Bob reads Alice's balance, from an answer that arrived in a later batch",
      "Closing descriptors at the end of a batch protects only that batch. The backend may answer "
        + "many batches later."
    )
  }

  static func deadline() {
    for isOneBatch in [true, false] {
      var bank = Bank()
      bank.batch(.knock("alice"))
      if isOneBatch {
        bank.batch(.hangUp("alice"), .knock("bob"), .timeIsUp("alice"))
      } else {
        bank.batch(.hangUp("alice"))
        bank.batch(.knock("bob"))
        bank.batch(.timeIsUp("alice"))
      }
      expect(
        bank.kernel.isOpen("bob"), "Bob was disconnected by the deadline of a client that had left",
        "Answers are not the only events that arrive late. Every event carries a token, so check "
          + "the token of each event before you act on it.")
    }
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.timeIsUp("alice"), .knock("bob"), .hangUp("alice"))
    expect(
      bank.kernel.isOpen("bob"),
      "Bob was disconnected by the hang-up of a client whose time was up",
      "epoll had written Alice's hang-up into the batch before her descriptor was closed. It is "
        + "as stale as any other event: compare its token, too.")
  }

  static func stays() {
    var bank = Bank()
    bank.batch(.knock("alice"), .knock("bob"), .knock("carol"))
    bank.batch(.request("alice"), .request("bob"), .request("carol"))
    bank.batch(.hangUp("bob"), .knock("dave"), .answer("alice"), .answer("bob"))
    bank.batch(.request("dave"), .answer("carol"))
    bank.batch(.timeIsUp("carol"), .answer("dave"))
    for name in ["alice", "carol", "dave"] {
      bank.expectMail(
        name, ["\(name)'s balance"], lost,
        "Only the number of the client that left is affected. This client is still here.")
    }
    expect(!bank.kernel.isOpen("carol"), "Carol's time is up, but her descriptor is still open")
  }

  static func leavesTwice() {
    for isOneBatch in [true, false] {
      var bank = Bank()
      bank.batch(.knock("alice"), .knock("bob"))
      if isOneBatch {
        bank.batch(.hangUp("alice"), .timeIsUp("alice"))
      } else {
        bank.batch(.timeIsUp("alice"))
        bank.batch(.hangUp("alice"))
      }
      expect(
        bank.kernel.isOpen("bob"), "Alice left, and Bob's descriptor was closed",
        "An event must affect only the client that its token names.")
    }
  }

  static func atOnce() {
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.hangUp("alice"), .knock("bob"))
    expect(
      bank.kernel.tokens["bob"]?.number == 5,
      "Alice left, but her descriptor is not closed until the end of the batch",
      "A batch can contain hundreds of events. At the limit of open descriptors, the next accept "
        + "fails while clients that have left still hold theirs. Since each client has a unique "
        + "token, there is no reason to wait: close at once.")
  }

  /// A generation of one bit or one byte wraps around.
  static func generations() {
    for between in [1, 2, 4, 16, 128, 256, 65_536] {
      var bank = Bank()
      bank.batch(.knock("alice"))
      bank.batch(.request("alice"))
      bank.batch(.hangUp("alice"))
      for _ in 0..<between - 1 {
        bank.quietly(.knock("another"))
        bank.quietly(.hangUp("another"))
      }
      Events.add("(\(between - 1) others connect and leave)")
      bank.batch(.knock("bob"))
      bank.batch(.answer("alice"))
      bank.expectMail(
        "bob", [],
        "after \(between) clients the generations repeat, and Bob reads Alice's balance",
        "A slow backend may answer after any number of clients. Count up and never start over: an "
          + "Int lasts for centuries.")
    }
  }

  static func keepsNothing() {
    var bank = Bank()
    for number in 1...1000 {
      bank.quietly(.knock("client \(number)"))
      bank.quietly(.request("client \(number)"))
      bank.quietly(number % 2 == 0 ? .hangUp("client \(number)") : .timeIsUp("client \(number)"))
    }
    let kept = bank.kept
    expect(
      kept < 10,
      "a thousand clients came and went, and the server keeps something for each of them",
      "Data that you keep for every client that ever connected grows until memory runs out. For "
        + "each number, you need only the token of the client that has it now.",
      expected: "a few elements at most", happened: "\(kept) elements")
  }
}

extension Check {
  /// A server and the events that it receives. Its clients are named after their owners.
  struct Bank {
    enum Happening {
      case knock(String)
      case request(String)
      case answer(String)
      case hangUp(String)
      case timeIsUp(String)
    }

    let kernel = Kernel()
    private var server: Server

    init() {
      Events.start("batches, and what the server does:")
      server = Server(kernel)
    }

    mutating func batch(_ happenings: Happening...) {
      Events.add("epoll_wait: " + happenings.map(text).joined(separator: "; "))
      handle(happenings)
    }

    /// Handles one event without adding a line to the list of events.
    mutating func quietly(_ happening: Happening) {
      kernel.isQuiet = true
      if case .knock(let name) = happening { kernel.backlog.append(name) }
      server.handle([event(happening)])
      kernel.isQuiet = false
    }

    /// The number of elements in the server's own collections.
    var kept: Int { keptElements(in: server) }

    private mutating func handle(_ happenings: [Happening]) {
      for case .knock(let name) in happenings { kernel.backlog.append(name) }
      server.handle(happenings.map(event))
    }

    func expectMail(_ name: String, _ expected: [String], _ problem: String, _ why: String = "") {
      expect(kernel.mail[name] ?? [], equals: expected, problem, why)
    }

    private func event(_ happening: Happening) -> Event {
      switch happening {
      case .knock: .knock
      case .request(let name): .request(token(name), "\(name)'s balance")
      case .answer(let name): .answer(kernel.asker("\(name)'s balance"), "\(name)'s balance")
      case .hangUp(let name): .hangUp(token(name))
      case .timeIsUp(let name): .timeIsUp(token(name))
      }
    }

    private func token(_ name: String) -> Token {
      guard let token = kernel.tokens[name] else {
        fail(
          "\(name) connected but was not registered",
          "Without kernel.register, no event for this client will ever arrive.")
      }
      return token
    }

    private func text(_ happening: Happening) -> String {
      switch happening {
      case .knock(let name): "\(name) connects"
      case .request(let name): "a request from \(name)"
      case .answer(let name): "the answer for \(name)"
      case .hangUp(let name): "\(name) hangs up"
      case .timeIsUp(let name): "\(name)'s time is up"
      }
    }
  }
}

/// Identifies a client in each of its events.
struct Token: Hashable {
  let number: Int
  let generation: Int
}

enum Event {
  /// A client is waiting to be accepted.
  case knock
  /// A client sent a request.
  case request(Token, String)
  /// The backend's answer arrived.
  case answer(Token, String)
  /// A client left.
  case hangUp(Token)
  /// A client's deadline passed.
  case timeIsUp(Token)
}

/// A kernel that hands out descriptors, and a backend.
final class Kernel {
  fileprivate var backlog: [String] = []
  fileprivate var isQuiet = false
  /// The client that currently has each number.
  private var owners: [Int: String] = [:]
  fileprivate private(set) var tokens: [String: Token] = [:]
  private var asked: [String: Token] = [:]
  /// The texts that each client received.
  fileprivate private(set) var mail: [String: [String]] = [:]

  /// Returns the next client's descriptor: the smallest free number, starting at 5.
  func accept() -> Int {
    if backlog.isEmpty {
      fail(
        "accept was called, but no client is waiting",
        "Each .knock announces one client. Call accept once for each.")
    }
    var number = 5
    while owners[number] != nil { number += 1 }
    owners[number] = backlog.removeFirst()
    note("  accept = \(number)  (\(owners[number] ?? ""))")
    return number
  }

  /// From now on, every event of this descriptor carries this token.
  func register(_ token: Token) { tokens[owner(token.number, "register")] = token }

  /// Sends a request to the backend. Its answer will carry the token.
  func ask(_ text: String, for token: Token) {
    note("  asks the backend for \(text)")
    asked[text] = token
  }

  func write(_ text: String, to number: Int) {
    let name = owner(number, "write")
    note("  write(\(number), \(text)): \(name) reads it")
    mail[name, default: []].append(text)
  }

  func close(_ number: Int) {
    let name = owner(number, "close")
    note("  close(\(number))  (\(name))")
    owners[number] = nil
  }

  fileprivate func isFree(_ number: Int) -> Bool { owners[number] == nil }
  fileprivate func isOpen(_ name: String) -> Bool { owners.values.contains(name) }

  fileprivate func asker(_ text: String) -> Token {
    guard let token = asked[text] else {
      fail(
        "the backend was not asked for \(text)",
        "The client that wants the answer is still connected, so pass its request on with "
          + "kernel.ask.")
    }
    return token
  }

  private func note(_ text: @autoclosure () -> String) {
    if !isQuiet { Events.add(text()) }
  }

  private func owner(_ number: Int, _ call: String) -> String {
    guard let name = owners[number] else {
      fail(
        "\(call) was called with the number \(number), which belongs to no client",
        "Its client has already left. Closing a number twice disconnects the client that gets it "
          + "next."
      )
    }
    return name
  }
}
