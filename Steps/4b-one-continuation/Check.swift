import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that speaks after a while is answered") { speaks() },
    Part("as many silent clients as there are cores hold up no other") { allSilent() },
    Part("an answer of 8 MiB to a client that reads late") { big() },
    Part("while the backend works, the server uses no CPU time") { sleeps() },
    Part("two clients that speak after a while are answered") { both() },
  ]

  static func speaks() {
    let server = Program()
    let a = server.connect("A")
    server.settle()
    a.ask("/")
    a.expectReply(
      body: "Hello", "A's task is suspended, A speaks, and the task is not resumed",
      "A task that is suspended in withCheckedContinuation stays so until resume() is called on its "
        + "continuation. The event is there; the loop has to take the continuation and resume it.")
  }

  static func allSilent() {
    let server = Program()
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let silent = (1...cores).map { server.connect("silent client \($0)") }
    server.settle()
    let b = server.connect("B")
    b.ask("/")
    b.expectReply(
      body: "Hello", "\(cores) clients say nothing, and B is not answered",
      "All \(cores) threads of Swift's pool are in a system call that waits. Make the sockets "
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
      used < .milliseconds(10), "a request waits behind a pause, and the loop never sleeps",
      "The socket is readable, and no task waits for it: it is in Task.sleep. With EPOLLONESHOT, "
        + "epoll reports once, and then not before you ask again.",
      expected: "next to no CPU time in 300 ms", happened: "\(used) of CPU time")
  }

  static func both() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    server.settle()
    for client in [a, b] {
      client.ask("/")
      client.expectReply(
        body: "Hello", "\(client.name)'s task is suspended, and no event resumes it",
        "There is one place for a continuation. B's task has put its own there, and A's is lost: "
          + "nothing can resume it any more. (A checked continuation says so when it goes; look "
          + "at the output below.)\n\(server.output)")
    }
  }
}
