import Glibc

/// The request, formatted once, sent as often as needed.
func requestBytes(_ options: BenchOptions, body: [UInt8]) -> [UInt8] {
  var fields = ["Host: \(options.target.authority)", "User-Agent: bench", "Accept: */*"]
  if let connection = connectionField(options) { fields.append(connection) }
  if options.bodyFile != nil {
    fields += ["Content-Length: \(body.count)", "Content-Type: \(options.contentType)"]
  }
  // A header line of the user's replaces ours of the same name.
  let given = options.headers.map(fieldName)
  let start = "\(options.method) \(options.target.path) HTTP/1.\(options.speaksHTTP10 ? 0 : 1)"
  let lines = [start] + fields.filter { !given.contains(fieldName($0)) } + options.headers
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

func fieldName(_ line: String) -> String {
  line.prefix { $0 != ":" }.lowercased()
}
