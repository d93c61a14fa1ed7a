import Glibc
import Testing

/// The chat page, in a real browser.
@Suite struct ChatPageTests {
  static let isOpen = """
    document.querySelector('.client[data-client="1"][data-state=open]')?.dataset.id
    """

  @Test(
    .enabled(if: Browser.executable != nil, "no Chromium on this machine"),
    arguments: ["03-Epoll", "05-WebSocket"])
  func `two tabs talk to each other, and reconnect after the server restarts`(
    name: String
  ) throws {
    let server = try ServerProcess(Chapter(name))
    let browser = try Browser(#require(Browser.executable))
    let tabs = try (1...2).map { _ in try browser.openTab("http://127.0.0.1:\(server.port)/chat") }
    for tab in tabs { try tab.wait(until: Self.isOpen) }
    let ids = try tabs.map { try $0.run(Self.isOpen) }
    #expect(Set(ids).count == 2)

    try tabs[0].run(Self.click("broadcast"))
    for tab in tabs { try tab.wait(until: Self.hasHeard("Hello from client \(ids[0])")) }
    try tabs[0].run(Self.fill("target", ids[1]) + Self.fill("text", "good morning"))
    try tabs[0].run(Self.click("send"))
    try tabs[1].wait(until: Self.hasHeard("From client \(ids[0]): good morning"))

    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
    for tab in tabs {
      try tab.wait(until: "document.querySelector('.client[data-state=waiting]')")
    }
    let next = try ServerProcess.launch(Chapter(name), ["--port", "\(server.port)"])
    _ = try next.standardOutput.readLine()
    for tab in tabs { try tab.wait(until: Self.isOpen) }
    try tabs[1].run(Self.click("broadcast"))
    let id = try tabs[1].run(Self.isOpen)
    try tabs[0].wait(until: Self.hasHeard("Hello from client \(id)"))
  }

  @Test(
    .enabled(if: Browser.executable != nil, "no Chromium on this machine"),
    arguments: ["03-Epoll", "05-WebSocket"])
  func `behind a proxy that rewrites Host, the page shows the option that lets it connect`(
    name: String
  ) throws {
    let server = try ServerProcess(Chapter(name))
    let forwarder = try Forwarder(to: server.port)
    defer { forwarder.end() }
    let origin = "http://\(forwarder.address)"
    let browser = try Browser(#require(Browser.executable))
    let tab = try browser.openTab("\(origin)/chat")
    try tab.wait(until: Self.shows("\(name) --origins \(origin)"))

    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
    let next = try ServerProcess.launch(
      Chapter(name), ["--port", "\(server.port)", "--origins", origin])
    _ = try next.standardOutput.readLine()
    try tab.wait(until: Self.isOpen)
  }

  private static func shows(_ text: String) -> String {
    "document.querySelector('.client .detail').textContent.includes('\(text)')"
  }

  static func click(_ action: String) -> String {
    "document.querySelector('.client [data-action=\(action)]').click(), 'done'"
  }

  static func fill(_ field: String, _ text: String) -> String {
    "document.querySelector('.client [data-field=\(field)]').value = '\(text)';"
  }

  static func hasHeard(_ text: String) -> String {
    "[...document.querySelectorAll('#log li[data-direction=in]')].some(row => row.textContent.includes('\(text)'))"
  }
}
