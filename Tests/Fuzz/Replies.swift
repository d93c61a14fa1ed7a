// The parser of Redis's replies: however the bytes are cut, the values are the same, and never a crash.

private struct Reading: Equatable {
  var values: [RESPValue] = []
  var error: RESPError?
}

private func read(_ bytes: [UInt8], _ cuts: [Int]) -> Reading {
  var reading = Reading()
  var parser = RESPParser(maxSize: 1000, maxString: 100)
  var start = 0
  for end in cuts {
    var index = 0
    do throws(RESPError) {
      while let value = try parser.next(bytes.span.extracting(start..<end), &index) {
        reading.values.append(value)
      }
    } catch {
      reading.error = error
      return reading
    }
    precondition(index == end - start)
    start = end
  }
  return reading
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  guard let delivery = Delivery(data, count) else { return 0 }
  let whole = read(delivery.bytes, [delivery.bytes.count])
  precondition(whole == read(delivery.bytes, delivery.cuts), "other values when they are cut")
  return 0
}
