import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a socket that takes everything at once") { atOnce() },
    Part("a socket that takes only some of the bytes, no matter where it stops") { shortWrites() },
    Part("a signal that interrupts a write") { interrupted() },
    Part("a peer that is gone") { gone() },
  ]

  static let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello"
  static var length: Int { reply.utf8.count }

  static func atOnce() {
    write([], "the socket takes every byte you offer, but writeAll did not write all of them")
    let socket = ScriptedSocket()
    expect(
      writeAll([], to: socket), equals: true,
      "there is nothing to write, but writeAll returned false",
      "With no bytes to write, writeAll is done at once. If it returns false, the caller closes "
        + "the connection.")
  }

  static func shortWrites() {
    for count in 1..<length {
      write(
        [.room(count)],
        "the socket took only \(count) of \(length) bytes at first, but the client did not get the "
          + "whole reply",
        "One write is not enough. Offer the socket the bytes it hasn't taken yet.",
        again:
          "The second write started over at the first byte, so the client gets the first bytes "
          + "twice. Continue after the bytes that were taken.")
    }
    write(
      Array(repeating: .room(1), count: length),
      "the socket takes one byte at a time, but the client did not get the whole reply",
      "Keep writing until nothing is left, however many writes that takes.")
    errno = EPIPE  // Left over from an earlier call; it says nothing about the next one.
    write(
      [.room(10), .room(0), .room(5)],
      "write returned 0, but the client did not get the whole reply",
      "0 is a count: the socket took no bytes, and nothing is wrong. Only -1 is an error.")
  }

  static func interrupted() {
    stopsWhenAllIsTaken()
    let scripts: [[ScriptedSocket.Step]] = [
      [.room(10), .error(EINTR), .room(3), .error(EINTR)], [.error(EINTR), .error(EINTR)],
      [.room(10)] + Array(repeating: .error(EINTR), count: 500),
    ]
    for script in scripts {
      write(
        script, "a signal interrupted write, but the client did not get the whole reply",
        script.count > 100
          ? "500 signals arrived in a row. EINTR says nothing about the connection, so don't give "
            + "up after a certain number of interruptions."
          : "EINTR means that a signal arrived before write took any bytes. The connection is "
            + "fine, so call write again.",
        again:
          "After the interruption, writeAll started over at the first byte. The bytes that the "
          + "socket took earlier are already on their way to the client, so continue after them.",
        twice: "-1 is not a number of bytes. Adding it to your count moves you back by one, so the "
          + "client gets a byte twice.")
    }
  }

  /// An error follows the last byte, to catch code that keeps writing.
  static func stopsWhenAllIsTaken() {
    let socket = ScriptedSocket(
      writes: [.room(10), .error(EINTR), .room(length - 10), .error(EPIPE)])
    _ = writeAll(Array(reply.utf8), to: socket)
    if socket.written == Array(reply.utf8) {
      expect(
        socket.calls, equals: 3, "everything was taken, but writeAll called write again",
        "errno is only meaningful after a call that returned -1. Here it still holds the error of "
          + "an earlier call."
      )
    }
  }

  static func gone() {
    for code in [EPIPE, ECONNRESET, ETIMEDOUT] {
      let socket = ScriptedSocket(
        writes: [.room(10)] + Array(repeating: .error(code), count: 10_100))
      expect(
        writeAll(Array(reply.utf8), to: socket), equals: false,
        "the peer left in the middle of the reply, but writeAll returned true",
        "The caller would wait for the next request on a dead connection.")
      expect(
        socket.calls, equals: 2, "the peer is gone, but writeAll called write again",
        "The peer won't come back, and every further write fails as well.")
    }
  }

  /// - Parameters:
  ///   - again: the explanation if writeAll started over and wrote the first bytes twice.
  ///   - twice: the explanation if the code counted an error as a number of bytes.
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
      isDone, equals: true, "everything was written, but writeAll returned false",
      "False means that the peer is gone. The caller would close a connection that works.")
  }
}
