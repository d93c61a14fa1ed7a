// The reader of WebSocket messages: however the bytes are cut, the events are the same, and it
// never crashes.

private enum Seen: Equatable {
  case message(Opcode, [UInt8])
  case control(Opcode, [UInt8])
  case failed(CloseCode)
}

/// Small enough for a fuzzer to find it.
private let maxMessage = 1000

private func read(_ bytes: [UInt8], _ cuts: [Int]) -> [Seen] {
  var seen: [Seen] = []
  var input = InputBuffer()
  var reader = MessageReader()
  var start = 0
  for end in cuts {
    input.append(bytes.span.extracting(start..<end))
    start = end
    do {
      while let event = try reader.next(&input, maxMessage: maxMessage) {
        switch event {
        case .message(let kind):
          precondition(input.message.count <= maxMessage)
          seen.append(.message(kind, Array(input.bytes[input.message])))
        case .control(let kind, let payload):
          precondition(payload.count <= 125)
          seen.append(.control(kind, Array(input.bytes[payload])))
        }
      }
    } catch {
      return seen + [.failed(error)]
    }
    input.compact()
    // It keeps the message so far, and less than a header or a control frame.
    precondition(input.bytes.count <= maxMessage + 6 + 125)
  }
  return seen
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard let delivery = Delivery(data, count) else { return 0 }
  let whole = read(delivery.bytes, [delivery.bytes.count])
  let cut = read(delivery.bytes, delivery.cuts)
  precondition(whole == cut, "the messages differ when they are cut")
  return 0
}
