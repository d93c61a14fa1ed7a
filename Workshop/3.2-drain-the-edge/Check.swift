import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a small upload, and a client that stays") { small() },
    Part("two buffers' worth, reported by one edge") { twoBuffers() },
    Part("a megabyte, reported by one edge") { large() },
    Part("each further edge finds what came since") { again() },
    Part("the end of the stream, reported by a separate edge") { endAlone() },
    Part("the last bytes and the end of the stream, reported by one edge") { lastWords() },
    Part("a connection that is gone") { gone() },
    Part("the last bytes of a connection that breaks") { lastBytes() },
  ]

  static func small() {
    let (socket, _) = upload([100])
    expect(
      !socket.isClosed, "the client is thrown out for having sent everything",
      "-1 with EAGAIN means that nothing more is there now. The end of the stream is 0.")
  }

  static func twoBuffers() {
    let (socket, upload) = upload([8192])
    expect(
      socket.unread == 0, "part of the upload is left in the socket, and no event will come for it",
      "The edge said once that bytes had arrived. They are still there, so nothing changes, and "
        + "epoll has nothing to "
        + "report: the client waits for the server, and the server for the client.",
      expected: "8192 bytes received", happened: "\(upload.received.count) bytes received")
    expectAll(upload, 8192)
  }

  static func large() {
    let (socket, upload) = upload([1 << 20])
    expect(
      socket.unread == 0,
      "of a megabyte, part is left in the socket: a larger buffer only moves the limit",
      "There is always a client that sends more than one read takes. Read until nothing is left.",
      expected: "1048576 bytes received", happened: "\(upload.received.count) bytes received")
    expectAll(upload, 1 << 20)
  }

  static func again() {
    for sizes in [[1, 1, 1], [4096, 1, 4096], [4095, 4097, 8192, 3]] {
      let (socket, upload) = upload(sizes)
      expect(socket.unread == 0, "part of the upload is left in the socket")
      expectAll(upload, sizes.reduce(0, +))
    }
  }

  static func lastWords() {
    for size in [0, 100, 4096, 5000] {
      let (socket, upload) = upload([size], ends: true)
      expectAll(upload, size)
      expect(
        socket.isClosed, "the client is done, and its connection stays open",
        "The bytes were a short read, and the end of the stream came after it. The same edge "
          + "announced both: there will be "
          + "no other one. Read until read returns 0 or says EAGAIN.")
    }
  }

  static func gone() {
    let socket = newSocket()
    var upload = Upload(socket)
    socket.reset()
    upload.readable()
    expect(
      socket.isClosed, "the connection is gone, and its socket stays open",
      "-1 is not always EAGAIN. For any other reason nothing will ever arrive, and the descriptor "
        + "is never closed."
    )
  }

  /// errno still says EAGAIN, from the read before.
  static func endAlone() {
    errno = 0
    let (first, _) = upload([0], ends: true)
    expect(
      first.isClosed, "read returned 0, and the connection stays open",
      "0 is the end of the stream: the client sends no more. Close the socket, or its descriptor "
        + "is lost.")
    let socket = newSocket()
    var upload = Upload(socket)
    socket.arrive(bytes(100))
    Events.add("epoll: an edge")
    upload.readable()
    socket.end()
    Events.add("epoll: an edge")
    upload.readable()
    expect(
      socket.isClosed, "read returned 0 after an earlier EAGAIN, and the connection stays open",
      "0 is the end of the stream. errno says something only after a call that returned -1; what "
        + "it says now comes from an "
        + "earlier one. Look at the count first.")
  }

  /// The kernel keeps what has arrived; only then read fails.
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
        "the connection broke, and bytes that had arrived before are lost",
        "They were read, and then an error came. An error ends the connection; what the client "
          + "sent before it is still an upload."
      )
      expect(
        socket.isClosed, "the connection is gone, and its socket stays open",
        "The bytes came first, then the error. Nothing will ever arrive any more: close the socket."
      )
    }
  }

  /// Lets so many bytes arrive at a time, and reports each of them with one edge.
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
      upload.received.count >= count, "everything was read, and a part of it is not in received",
      "Each read delivers the next bytes. Append them to what is there.",
      expected: "\(count) bytes", happened: "\(upload.received.count) bytes")
    expect(
      upload.received.count <= count, "received has more bytes than the client has sent",
      "Of the buffer, only the first bytes are the client's: as many as read says.",
      expected: "\(count) bytes", happened: "\(upload.received.count) bytes")
    expect(
      upload.received == bytes(count),
      "received has as many bytes as the client has sent, but not those",
      "The bytes have to be kept in the order in which they arrive.")
  }

  static func bytes(_ count: Int, from start: Int = 0) -> [UInt8] {
    (start..<start + count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
  }

  static func newSocket() -> NonBlockingSocket {
    Events.start("system calls:")
    return NonBlockingSocket("the client")
  }
}
