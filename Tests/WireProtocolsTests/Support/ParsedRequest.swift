import TestSupport

@testable import WireProtocols

/// The outcome of parsing a request, with its ranges resolved to the texts that they name.
enum ParsedRequest: Equatable {
  case needMore
  case refused(Status)
  case request(RequestSummary, end: Int)

  /// Parses `input` as it grows from one cut to the next.
  init(_ input: [UInt8], cut: [Int]) {
    var parser = RequestParser()
    self = .needMore
    for end in cut + [input.count] {
      switch parser.parse(input.span.extracting(..<end)) {
      case .needMore: continue
      case .refused(let status): self = .refused(status)
      case .request(let end): self = .request(RequestSummary(parser.request, of: input), end: end)
      }
      return
    }
  }
}

/// Everything that a request tells the service.
struct RequestSummary: Equatable, Sendable {
  var method = Request.Method.get
  var path = "/"
  var query = ""
  var framing = Request.Framing.none
  var keepsAlive = true
  var isHTTP10 = false
  var expectsContinue = false
  var wantsWebSocket = false
  var key = ""
}

extension RequestSummary {
  init(_ request: Request, of input: [UInt8]) {
    self.init(
      method: request.method, path: text(input[request.path]),
      query: text(input[request.query]), framing: request.framing,
      keepsAlive: request.keepsAlive, isHTTP10: request.isHTTP10,
      expectsContinue: request.expectsContinue, wantsWebSocket: request.wantsWebSocket,
      key: text(input[request.webSocketKey]))
  }
}
