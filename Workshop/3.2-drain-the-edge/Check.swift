import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a small upload from a client that stays connected") { small() },
    Part("two buffers of bytes, reported by one edge") { twoBuffers() },
    Part("a megabyte, reported by one edge") { large() },
    Part("after each edge, everything that has arrived since the last one is read") { again() },
    Part("the end of the stream, reported by a separate edge") { endAlone() },
    Part("the last bytes and the end of the stream, reported by one edge") { lastWords() },
    Part("a connection that is gone") { gone() },
    Part("the last bytes of a connection that breaks") { lastBytes() },
  ]

  static func small() {
    let (socket, _) = upload([100])
    expect(
      !socket.isClosed, "the client was disconnected after it had sent everything",
      "-1 with EAGAIN only means that nothing more has arrived yet. At the end of the stream, "
        + "read returns 0.")
  }

  static func twoBuffers() {
    let (socket, upload) = upload([8192])
    expect(
      socket.unread == 0, "part of the upload is still in the socket, and no event will report it",
      "The edge reported just once that bytes had arrived. The rest are still there, so nothing "
        + "changes and epoll has nothing to report: the client waits for the server, and the "
        + "server waits for the client.",
      expected: "8192 bytes received", happened: "\(upload.received.count) bytes received")
    expectAll(upload, 8192)
  }

  static func large() {
    let (socket, upload) = upload([1 << 20])
    expect(
      socket.unread == 0,
      "part of a megabyte is still in the socket: a larger buffer only moves the limit",
      "Some client will always send more than one read takes. Read until nothing is left.",
      expected: "1048576 bytes received", happened: "\(upload.received.count) bytes received")
    expectAll(upload, 1 << 20)
  }

  static func again() {
    for sizes in [[1, 1, 1], [4096, 1, 4096], [4095, 4097, 8192, 3]] {
      let (socket, upload) = upload(sizes)
      expect(socket.unread == 0, "part of the upload is still in the socket")
      expectAll(upload, sizes.reduce(0, +))
    }
  }

  static func lastWords() {
    for size in [0, 100, 4096, 5000] {
      let (socket, upload) = upload([size], ends: true)
      expectAll(upload, size)
      expect(
        socket.isClosed, "the client is done, but its connection is still open",
        "The read was short, but the end of the stream followed those bytes, and the same edge "
          + "announced both. There won't be another edge, so read until read returns 0 or fails "
          + "with EAGAIN.")
    }
  }

  static func gone() {
    let socket = newSocket()
    var upload = Upload(socket)
    socket.reset()
    upload.readable()
    expect(
      socket.isClosed, "the connection is gone, but its socket is still open",
      "-1 does not always mean EAGAIN. After any other error, nothing more will arrive. Close the "
        + "socket, or its descriptor leaks."
    )
  }

  /// Here errno still says EAGAIN, from the previous read.
  static func endAlone() {
    errno = 0
    let (first, _) = upload([0], ends: true)
    expect(
      first.isClosed, "read returned 0, but the connection is still open",
      "0 is the end of the stream: the client will send no more. Close the socket, or its "
        + "descriptor leaks.")
    let socket = newSocket()
    var upload = Upload(socket)
    socket.arrive(bytes(100))
    Events.add("epoll: an edge")
    upload.readable()
    socket.end()
    Events.add("epoll: an edge")
    upload.readable()
    expect(
      socket.isClosed, "read returned 0 after an earlier EAGAIN, but the connection is still open",
      "0 is the end of the stream. errno is only meaningful after a call that returned -1; here "
        + "it still holds the error of an earlier call. Look at the count first.")
  }

  /// The kernel keeps what arrived before the error; only after that does read fail.
  static func lastBytes() {
    for size in [100, 4096, 10_000] {
      let socket = newSocket()
      var upload = Upload(socket)
      socket.arrive(bytes(size))
      socket.reset()
      Events.add("epoll: an edge")
      upload.readable()
      expect(
        upload.received.count, equals: size,
        "the connection broke, and bytes that arrived before the error were lost",
        "You read these bytes before the error occurred. An error ends the connection, but the "
          + "bytes that the client sent before it still belong to the upload."
      )
      expect(
        socket.isClosed, "the connection is gone, but its socket is still open",
        "The bytes came first, then the error. Nothing more will arrive, so close the socket."
      )
    }
  }

  /// Lets bytes arrive in portions of these sizes, and reports each portion with one edge.
  static func upload(_ sizes: [Int], ends: Bool = false) -> (NonBlockingSocket, Upload) {
    let socket = newSocket()
    var upload = Upload(socket)
    var sent = 0
    for size in sizes {
      if size > 0 { socket.arrive(bytes(size, from: sent)) }
      sent += size
      if ends { socket.end() }
      Events.add("epoll: an edge")
      upload.readable()
    }
    return (socket, upload)
  }

  static func expectAll(_ upload: Upload, _ count: Int) {
    expect(
      upload.received.count >= count, "everything was read, but part of it is not in received",
      "Each read delivers the next bytes. Append them to what is already there.",
      expected: "\(count) bytes", happened: "\(upload.received.count) bytes")
    expect(
      upload.received.count <= count, "received contains more bytes than the client sent",
      "Only the first bytes in the buffer came from the client, and read returns how many.",
      expected: "\(count) bytes", happened: "\(upload.received.count) bytes")
    expect(
      upload.received == bytes(count),
      "received has the right number of bytes, but not the bytes that the client sent",
      "Keep the bytes in the order in which they arrive.")
  }

  static func bytes(_ count: Int, from start: Int = 0) -> [UInt8] {
    (start..<start + count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
  }

  static func newSocket() -> NonBlockingSocket {
    Events.start("system calls:")
    return NonBlockingSocket("the client")
  }
}
