import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("each client gets the answer to its own question") { own() },
    Part("a client that leaves gives its number back, and the next one gets it") { givesBack() },
    Part("in one batch: Alice leaves, Bob gets her number, Alice's answer arrives") { oneBatch() },
    Part("the same, with the answer in a later batch") { laterBatch() },
    Part("Alice's deadline does not throw Bob out") { deadline() },
    Part("a client that is here gets every answer, no matter who leaves") { stays() },
    Part("a client that leaves twice is closed once") { leavesTwice() },
    Part("the number of a client that leaves is free in the same batch") { atOnce() },
    Part("however many had the number in between") { generations() },
    Part("of clients that have left, nothing is kept") { keepsNothing() },
  ]

  static func own() {
    var bank = Bank()
    bank.batch(.knock("alice"), .knock("bob"))
    bank.batch(.request("alice"), .request("bob"))
    bank.batch(.answer("bob"), .answer("alice"))
    bank.expectMail("alice", ["alice's balance"], lost)
    bank.expectMail("bob", ["bob's balance"], lost)
  }

  static let lost = "an answer for a client that is here is lost"

  static func givesBack() {
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.hangUp("alice"))
    expect(
      bank.kernel.isFree(5), "Alice has left, and its descriptor is still open",
      "A number that is never given back cannot be mixed up, that is true. After a thousand "
        + "clients there are none left."
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
      "Bob reads Alice's balance, although the token would tell them apart",
      "Each client has its own token, but only its number is looked at. Compare the whole "
        + "token with the one that "
        + "has the number now.")
    fail(
      "Bob reads Alice's balance",
      "Both had the same descriptor, one after the other, and the answer was for the one before. "
        + "A number says who is there "
        + "now; the token has to say who was meant.")
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
      "Alice and Bob have the same token, generation and all",
      "A generation that comes again, by chance or because it is counted in few bits, tells no "
        + "one apart. Count up, and "
        + "never start again.")
    bank.expectMail(
      "bob", [], "Bob reads Alice's balance, from an answer that comes in a later batch",
      "To close descriptors only at the end of a batch protects this batch. The backend does not "
        + "know of batches."
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
        bank.kernel.isOpen("bob"), "Bob is thrown out by the deadline of a client that has left",
        "Answers are not the only events that come late. Every event carries a token, and none "
          + "may be trusted without a look at "
          + "it.")
    }
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
        "That another client has left says something about its number, and nothing about this one.")
    }
    expect(!bank.kernel.isOpen("carol"), "Carol's time is up, and her descriptor is still open")
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
        bank.kernel.isOpen("bob"), "Alice has left, and Bob's descriptor is closed",
        "Only the client that the token names has left.")
    }
  }

  static func atOnce() {
    var bank = Bank()
    bank.batch(.knock("alice"))
    bank.batch(.hangUp("alice"), .knock("bob"))
    expect(
      bank.kernel.tokens["bob"]?.number == 5,
      "Alice has left, and her descriptor is closed only at the end of the batch",
      "A batch can have hundreds of events, and at the limit of open descriptors the next accept "
        + "fails while dead ones wait to be "
        + "closed. With a token for each client there is no reason to wait.")
  }

  /// A generation of one bit or one byte comes round again.
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
        "after \(between) clients the generations begin again, and Bob reads Alice's balance",
        "A slow backend may answer after any number of clients. Count up and never start again: "
          + "an Int lasts for "
          + "centuries.")
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
      "What is kept for each client that was ever there grows until memory runs out. For each "
        + "number, the token that has it now is "
        + "enough.", expected: "a few elements at most", happened: "\(kept) elements")
  }
}

extension Check {
  /// A server, and what happens to it, by name.
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

    /// Without a line in the list of events.
    mutating func quietly(_ happening: Happening) {
      kernel.isQuiet = true
      if case .knock(let name) = happening { kernel.backlog.append(name) }
      server.handle([event(happening)])
      kernel.isQuiet = false
    }

    /// How many elements the server's own collections have.
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
          "\(name) has connected, and was not registered",
          "Without kernel.register, no event of this client ever comes.")
      }
      return token
    }

    private func text(_ happening: Happening) -> String {
      switch happening {
      case .knock(let name): "\(name) connects"
      case .request(let name): "a request from \(name)"
      case .answer(let name): "the answer for \(name)"
      case .hangUp(let name): "\(name) has hung up"
      case .timeIsUp(let name): "\(name)'s time is up"
      }
    }
  }
}

/// Names a client, in each of its events.
struct Token: Hashable {
  let number: Int
  let generation: Int
}

enum Event {
  /// A client can be accepted.
  case knock
  /// A client asks for something.
  case request(Token, String)
  /// The backend's answer.
  case answer(Token, String)
  /// A client has left.
  case hangUp(Token)
  /// A client's deadline is over.
  case timeIsUp(Token)
}

/// Descriptors, as the kernel hands them out, and a backend.
final class Kernel {
  fileprivate var backlog: [String] = []
  fileprivate var isQuiet = false
  /// The client that has a number now.
  private var owners: [Int: String] = [:]
  fileprivate private(set) var tokens: [String: Token] = [:]
  private var asked: [String: Token] = [:]
  /// What was written, by the client that has received it.
  fileprivate private(set) var mail: [String: [String]] = [:]

  /// The next client's descriptor: the smallest free number, from 5 on.
  func accept() -> Int {
    if backlog.isEmpty {
      fail("accept is called, and no client waits", "There is one client for each .knock.")
    }
    var number = 5
    while owners[number] != nil { number += 1 }
    owners[number] = backlog.removeFirst()
    note("  accept = \(number)  (\(owners[number] ?? ""))")
    return number
  }

  /// Every event of this descriptor will carry this token.
  func register(_ token: Token) { tokens[owner(token.number, "register")] = token }

  /// Asks the backend. Its answer will carry the token.
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
      fail("the backend was not asked for \(text)", "The client that wants it is here.")
    }
    return token
  }

  private func note(_ text: @autoclosure () -> String) {
    if !isQuiet { Events.add(text()) }
  }

  private func owner(_ number: Int, _ call: String) -> String {
    guard let name = owners[number] else {
      fail(
        "\(call) with the number \(number), which no client has",
        "Its client has left already. A number that is closed twice hits the client that gets it "
          + "next."
      )
    }
    return name
  }
}
