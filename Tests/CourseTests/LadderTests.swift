import Foundation
import Testing

@testable import course

/// `course check --server`: the levels for a server in any language.
@Suite struct LadderTests {
  private let root = Variant.workshop.root

  private func check(_ server: String, _ options: String...) throws -> (text: String, status: Int32)
  {
    try Self.sandbox.get().course(["check", "--server", server] + options)
  }

  /// One for all tests, so that each level is compiled once.
  private static let sandbox = Result {
    let sandbox = try Sandbox(answer: "  42")
    try FileManager.default.copyItem(
      at: Variant.workshop.root.appending(path: "Workshop/Ladder"),
      to: sandbox.root.appending(path: "Workshop/Ladder"))
    return sandbox
  }

  @Test(arguments: ["02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket"])
  func `the book's servers pass all levels`(server: String) throws {
    let (text, status) = try check(Sandbox.products.appending(path: server).path)
    #expect(status == 0, "\(text)")
    #expect(text.contains("✓ Level 8 stop: 5 of 5\n\nYour server passes all levels."), "\(text)")
  }

  @Test func `a server that serves one client at a time fails at the level of the chat`() throws {
    let path = Sandbox.products.appending(path: "01-Sequential").path
    let (text, status) = try check(path, "--level", "chat")
    #expect(status == 1)
    #expect(text.contains("✗ `whoami` is answered"), "\(text)")
    #expect(text.contains("expected  B gets 101\n  happened  B got nothing more"), "\(text)")
  }

  @Test func `if a program ends, the report shows its own error message`() throws {
    let (text, status) = try check("/bin/sh -c 'echo no module named x >&2; exit 3'")
    #expect(status == 1)
    #expect(text.contains("✗ Level 1 hello"), "\(text)")
    #expect(text.contains("the program ended before it listened"), "\(text)")
    #expect(text.contains("it exited with code 3"), "\(text)")
    #expect(text.contains("no module named x"), "\(text)")
    #expect(text.contains("docs/own-server.md"), "\(text)")
  }

  @Test func `a program that prints nothing is told that its output may be buffered`() throws {
    let (text, status) = try check("/bin/sh -c 'while :; do sleep 1; done'")
    #expect(status == 1)
    #expect(text.contains("did not print 'listening on' within 5 seconds"), "\(text)")
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("flush the buffer after this line"), "\(text)")
  }

  @Test func `the first failure is reported with what was sent and what arrived`() throws {
    // Most first servers do this: they take one read for one request.
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.write("Hello/Server.swift", Self.oneRead)
    let (result, _) = try StepCompiler.program(
      in: sandbox.root.appending(path: "Hello"), Variant.workshop, SwiftCompiler())
    guard case .program(let program) = result else { throw CourseError("\(result)") }
    let (text, status) = try check(program.path)
    #expect(status == 1)
    #expect(text.contains("✓ Level 1 hello: 5 of 5\n✗ Level 2 pieces"), "\(text)")
    #expect(text.contains("half a request was answered"), "\(text)")
    #expect(text.contains("expected  A gets nothing"), "\(text)")
    #expect(text.contains("happened  A got 404"), "\(text)")
    #expect(text.contains("    A sends \"G\""), "\(text)")
    #expect(!text.contains("Level 3"), "\(text)")
  }

  @Test func `the page lists what each level requires, and nothing else`() throws {
    let page = try Files.text(of: root.appending(path: "docs/own-server.md"))
    for level in try Variant.workshop.levels() {
      let start = try #require(page.firstRange(of: "\n### \(level)\n")).upperBound
      let section = page[start...].prefix { $0 != "#" }
      let listed = section.split(separator: "\n").filter { $0.hasPrefix("- ") }
      let source = try Files.text(of: try #require(level.sources.last))
      let titles = source.matches(of: /Part\(\s*"([^"]+)"/).map { "- \($0.output.1)" }
      #expect(!titles.isEmpty && listed.map(String.init) == titles, "\(level)")
    }
  }

  private static let oneRead = """
    import Glibc

    @main
    struct Server {
      static func main() {
        let port = UInt16(CommandLine.arguments.last!)!
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
        listen(listener, 16)
        print("listening on \\(port)")
        while true { serve(accept(listener, nil, nil)) }
      }

      static func serve(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(client, &buffer, buffer.count)
        let text = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
        let isHead = text.hasPrefix("HEAD")
        let response =
          if text.hasPrefix("DELETE") {
            "HTTP/1.1 405 No\\r\\nAllow: GET\\r\\nContent-Length: 0\\r\\n\\r\\n"
          } else if text.hasPrefix("GET / ") || isHead {
            "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n" + (isHead ? "" : "Hello")
          } else {
            "HTTP/1.1 404 No\\r\\nContent-Length: 0\\r\\n\\r\\n"
          }
        let bytes = Array(response.utf8)
        send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        close(client)
      }
    }
    """
}
