/// The request, formatted once and sent as often as needed.
func requestBytes(_ options: BenchOptions, body: [UInt8]) -> [UInt8] {
  var own = ["Host: \(options.target.authority)", "User-Agent: bench", "Accept: */*"]
  if let connection = connectionField(options) { own.append(connection) }
  if options.bodyFile != nil && options.fields.contains("Transfer-Encoding") {
    // Never both: the end of the body would depend on the reader (RFC 9112 section 6.2). The file
    // is in chunks.
    own.append("Content-Type: \(options.contentType)")
  } else if options.bodyFile != nil {
    own += ["Content-Length: \(body.count)", "Content-Type: \(options.contentType)"]
  } else if options.method.expectsContent {
    own.append("Content-Length: 0")
  }
  let start = "\(options.method) \(options.target.path) HTTP/1.\(options.speaksHTTP10 ? 0 : 1)"
  let lines = [start] + options.fields.merged(with: own)
  return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
}

/// Persistence is HTTP/1.1's default and has to be asked for in HTTP/1.0 (RFC 9112 section 9.3).
private func connectionField(_ options: BenchOptions) -> String? {
  switch (options.keepAlive, options.speaksHTTP10) {
  case (true, true): "Connection: keep-alive"
  case (false, false): "Connection: close"
  default: nil
  }
}
