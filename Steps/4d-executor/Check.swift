import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the loop's thread answers the clients") { oneThread() },
    Part("an answer of 8 MiB to a client that reads late") { big() },
    Part("a slow backend delays only the client that asked") { slowBackend() },
  ]

  static func oneThread() {
    let server = Program()
    let clients = (1...20).map { server.connect("client \($0)") }
    server.settle()
    for client in clients { client.ask("/nothing") }
    for client in clients {
      client.expectReply(
        404, "\(client.name) gets no answer",
        "Its task is a job that was enqueued on the executor but not run. Run all jobs before each "
          + "epoll_wait, including the jobs that they enqueue.")
    }
    expect(
      server.threads == 1, "twenty clients get answers, but from more than one thread",
      "The loop wakes up to resume a task, and then wakes another thread to run it: two wake-ups "
        + "per request, and data that moves from core to core. A task that prefers the loop's "
        + "executor runs on the thread that is already awake.",
      expected: "1 thread", happened: "\(server.threads) threads")
  }

  static func big() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/big")
    server.settle()
    let count = a.rest().utf8.count
    expect(
      count > 8 << 20, "the end of the answer is missing", expected: "a head and 8388608 bytes",
      happened: "\(count) bytes")
  }

  static func slowBackend() {
    let server = Program("--delay", "100ms")
    let a = server.connect("A")
    a.ask("/")
    a.expectReply(
      body: "Hello", patience: .seconds(1), "A's pause is over, but A gets no answer",
      "Task.sleep ends on one of Swift's own threads, which enqueues A's job. Your loop sleeps in "
        + "epoll_wait and does not notice. Step 4e wakes it up.")
  }
}
