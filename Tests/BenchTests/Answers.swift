@testable import bench

/// Answers that the fault server and the parser's tests share.
enum Answers {
  static let hello = "HTTP/1.1 200 OK\r\nServer: fault\r\nContent-Length: 5\r\n\r\nHello"
  static let chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + "2;note=x\r\nHe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"
  static let untilClose = "HTTP/1.1 200 OK\r\n\r\nHello"
  static let closing =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nHello"
  static let error = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\nOh!"
  static let longer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHello!"
  static let truncated = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHel"
  static let headOnly = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
}
