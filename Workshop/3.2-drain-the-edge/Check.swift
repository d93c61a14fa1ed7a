import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a small upload, and a client that stays") { small() },
    Part("two buffers' worth, reported by one edge") { twoBuffers() },
    Part("a megabyte, reported by one edge") { large() },
    Part("each further edge finds what came since") { again() },
    Part("the last bytes and the end of the stream, reported by one edge") { lastWords() },
    Part("a connection that is gone") { gone() },
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
      socket.unread == 0, "part of the upload is left in the socket, and nobody comes for it",
      "The edge said once that bytes had arrived. They are still there, so nothing changes, and epoll has nothing to "
        + "report: the client waits for the server, and the server for the client.",
      expected: "8192 bytes received", happened: "\(upload.received.count) bytes received")
    expectAll(upload, 8192)
  }

  static func large() {
    let (socket, upload) = upload([1 << 20])
    expect(
      socket.unread == 0,
      "of a megabyte, part is left in the socket: a larger buffer only moves the limit",
      "There is always somebody who sends more than one read takes. Read until nothing is left.",
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
        "The bytes were a short read, and the end of the stream was behind it. The same edge announced both: there will be "
          + "no other one. Read until read says 0 or EAGAIN.")
    }
  }

  static func gone() {
    let socket = newSocket()
    var upload = Upload(socket)
    socket.reset()
    upload.readable()
    expect(
      socket.isClosed, "the connection is gone, and its socket stays open",
      "-1 is not always EAGAIN. For any other reason nothing will ever arrive, and nobody closes the descriptor."
    )
  }

  /// Lets so many bytes arrive at a time, and reports each of them with one edge.
  static func upload(_ sizes: [Int], ends: Bool = false) -> (NonBlockingSocket, Upload) {
    let socket = newSocket()
    var upload = Upload(socket)
    for size in sizes {
      if size > 0 { socket.arrive(bytes(size)) }
      if ends { socket.end() }
      Events.add("epoll: an edge")
      upload.readable()
    }
    return (socket, upload)
  }

  static func expectAll(_ upload: Upload, _ count: Int) {
    expect(
      upload.received.count, equals: count,
      "everything was read, and not everything is in received",
      "Of the buffer, only the first bytes are the client's: as many as read says.")
  }

  static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
  }

  static func newSocket() -> NonBlockingSocket {
    Events.start("system calls:")
    return NonBlockingSocket("the client")
  }
}
