import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a socket that takes everything at once") { atOnce() },
    Part("a socket that takes a part, wherever it stops") { shortWrites() },
    Part("a signal that interrupts the write") { interrupted() },
    Part("a peer that has gone") { gone() },
  ]

  static let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello"
  static var length: Int { reply.utf8.count }

  static func atOnce() {
    write([], "the socket takes everything, and not everything was written")
    let socket = ScriptedSocket()
    expect(
      writeAll([], to: socket), equals: true, "there is nothing to write, and writeAll says no",
      "All of nothing is written.")
  }

  static func shortWrites() {
    for count in 1..<length {
      write(
        [.room(count)],
        "the socket took \(count) of \(length) bytes, and the client did not get what was written",
        "One write is not enough: continue with what it has not taken.",
        again:
          "The next write began with the first byte again, so the first bytes were written twice. "
          + "Continue after what was "
          + "taken.")
    }
    write(
      Array(repeating: .room(1), count: length), "the socket takes one byte at a time",
      "Continue until nothing is left, however often that is.")
    errno = EPIPE  // From an earlier call; it says nothing about the next one.
    write(
      [.room(10), .room(0), .room(5)],
      "write returned 0, and the client did not get what was written",
      "0 is a number of bytes: nothing was taken, and nothing is wrong. Only -1 is an error.")
  }

  static func interrupted() {
    stopsWhenAllIsTaken()
    let scripts: [[ScriptedSocket.Step]] = [
      [.room(10), .error(EINTR), .room(3), .error(EINTR)], [.error(EINTR), .error(EINTR)],
      [.room(10)] + Array(repeating: .error(EINTR), count: 500),
    ]
    for script in scripts {
      write(
        script, "a signal came, and the client did not get what was written",
        script.count > 100
          ? "500 signals came, one after the other. EINTR says nothing about the connection, so "
            + "there is no number of them "
            + "after which to give up."
          : "Nothing was taken, and nothing is broken: EINTR means that you should ask again.",
        again:
          "After the interruption, writing began again with the first byte. What was taken before "
          + "is on its way already: "
          + "continue after it.",
        twice: "-1 is not a number of bytes: if you add it up, you send a byte twice.")
    }
  }

  /// An error waits after the last byte, for code that goes on.
  static func stopsWhenAllIsTaken() {
    let socket = ScriptedSocket(
      writes: [.room(10), .error(EINTR), .room(length - 10), .error(EPIPE)])
    _ = writeAll(Array(reply.utf8), to: socket)
    if socket.written == Array(reply.utf8) {
      expect(
        socket.calls, equals: 3, "all was taken, and write is called again",
        "errno says something only after a call that returned -1. What it says now is about an "
          + "earlier one."
      )
    }
  }

  static func gone() {
    for code in [EPIPE, ECONNRESET, ETIMEDOUT] {
      let socket = ScriptedSocket(
        writes: [.room(10)] + Array(repeating: .error(code), count: 10_100))
      expect(
        writeAll(Array(reply.utf8), to: socket), equals: false,
        "the peer has gone in the middle, and writeAll says that all was written",
        "The caller would wait for the next request on a connection that is gone.")
      expect(
        socket.calls, equals: 2, "the peer has gone, and writeAll tried again",
        "It does not come back. Every further write fails as well.")
    }
  }

  /// - Parameters:
  ///   - again: explains why the whole reply was written after a part of it.
  ///   - twice: explains why more was written than there is.
  static func write(
    _ script: [ScriptedSocket.Step], _ problem: String, _ why: String = "", again: String = "",
    twice: String = ""
  ) {
    let socket = ScriptedSocket(writes: script)
    let isDone = writeAll(Array(reply.utf8), to: socket)
    let written = String(decoding: socket.written, as: UTF8.self)
    let isLonger = written.utf8.count > length
    expect(
      written, equals: reply, problem,
      !isLonger ? why : written.hasSuffix(reply) || twice.isEmpty ? again : twice)
    expect(
      isDone, equals: true, "everything was written, and writeAll says no",
      "False means that the peer has gone: the caller would close a connection that is fine.")
  }
}
