import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that sends a request after a while gets an answer") { speaks() },
    Part("one silent client per core does not hold up another") { allSilent() },
    Part("an answer of 8 MiB to a client that reads late") { big() },
    Part("while the backend works, the server uses no CPU time") { sleeps() },
    Part("two clients that send requests after a while get answers") { both() },
  ]

  static func speaks() {
    let server = Program()
    let a = server.connect("A")
    server.settle()
    a.ask("/")
    a.expectReply(
      body: "Hello", "A's task is suspended and A sends a request, but nothing resumes the task",
      "A task that is suspended in withCheckedContinuation stays suspended until resume() is "
        + "called on its continuation. The event has arrived, so the loop has to take out the "
        + "continuation and resume it.")
  }

  static func allSilent() {
    let server = Program()
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let silent = (1...cores).map { server.connect("silent client \($0)") }
    server.settle()
    let b = server.connect("B")
    b.ask("/")
    b.expectReply(
      body: "Hello", "\(cores) clients say nothing, and B gets no answer",
      "All \(cores) threads of Swift's pool are blocked in a system call. Make the sockets "
        + "non-blocking, and at EAGAIN suspend the task instead of the thread.")
    for client in silent { client.hangUp() }
  }

  static func big() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/big")
    server.settle()
    let count = a.rest().utf8.count
    expect(
      count > 8 << 20, "the end of the answer is missing",
      "At EAGAIN, suspend until EPOLLOUT, and send the rest.",
      expected: "a head and 8388608 bytes", happened: "\(count) bytes")
  }

  static func sleeps() {
    let server = Program("--delay", "400ms")
    let a = server.connect("A")
    server.settle()
    a.ask("/")
    server.settle()
    a.ask("/")
    let used = server.cpuTime(during: .milliseconds(300))
    expect(
      used < .milliseconds(10),
      "while a request waits for a pause to end, the loop never sleeps",
      "The socket is readable, but its task is in Task.sleep and does not read. With EPOLLONESHOT, "
        + "epoll reports an event once, and then no more until you ask again.",
      expected: "next to no CPU time in 300 ms", happened: "\(used) of CPU time")
  }

  static func both() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    server.settle()
    for client in [a, b] {
      client.ask("/")
      client.expectReply(
        body: "Hello", "\(client.name)'s task is suspended, but no event resumes it",
        "There is only one place for a continuation. B's task stored its own there, and A's was "
          + "lost: nothing can ever resume it. (A checked continuation reports this when it is "
          + "destroyed; look at the output below.)\n\(server.output)")
    }
  }
}
