// Code for the targets that need sessions. A target is compiled into one module with the sources,
// so it sees what is internal in them.

/// SwiftPM generates this from chat.html, which does not matter to the tests.
enum PackageResources {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  static let chat_html: [UInt8] = Array("<!doctype html>".utf8)
}

/// A clock that does not move, unless a target moves it.
let start = Instant(nanoseconds: 1_000_000_000_000)

extension IOBuffers {
  static var atStart: IOBuffers {
    var buffers = IOBuffers(inputSize: 0)
    (buffers.now, buffers.output.date) = (start, HTTPDate(secondsSince1970: 0))
    return buffers
  }
}
