import TestSupport
import Testing

@testable import WireProtocols

/// A request that no server should answer, and how it is refused.
struct BadRequest: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let input: String
  let status: Status

  init(_ name: String, _ input: String, _ status: Status = .badRequest) {
    (testDescription, self.input, self.status) = (name, input, status)
  }
}

@Suite struct BadRequestTests {
  @Test(
    "A malformed request is refused in the same way, however it is cut",
    arguments: BadRequest.framing + BadRequest.lines + BadRequest.hosts + BadRequest.requestLines
      + BadRequest.versions + BadRequest.others)
  func isRefused(_ bad: BadRequest) {
    let input = bytes(bad.input)
    for cut in everyCut(of: input.count) {
      #expect(ParsedRequest(input, cut: cut) == .refused(bad.status), "cut at \(cut)")
    }
  }

  @Test("A bad line is refused when the line ends, not when the header section ends")
  func isRefusedEarly() {
    #expect(ParsedRequest(bytes("G@T / HTTP/1.1\r\n"), cut: []) == .refused(.badRequest))
    let field = bytes("GET / HTTP/1.1\r\nHost : h\r\n")
    #expect(ParsedRequest(field, cut: []) == .refused(.badRequest))
  }
}
