import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("while every client is silent, the server uses no CPU time") { sleeps() },
    Part("a hundred clients send requests at the same moment") { crowd() },
    Part("a client that leaves is forgotten") { forgets() },
    Part("a signal interrupts the wait") { interrupted() },
  ]

  static let request = "GET / HTTP/1.1\r\nHost: check\r\n\r\n"

  static func sleeps() {
    let server = Program()
    let a = server.connect("A")
    let used = server.cpuTime(during: .milliseconds(500))
    a.hangUp()
    expect(
      used < .milliseconds(20), "A is silent, but the server uses the CPU all the time",
      "It asks again and again whether there is anything to do. With a timeout of -1, epoll_wait "
        + "sleeps until there is; with 0, it returns at once.",
      expected: "next to no CPU time in 500 ms of silence", happened: "\(used) of CPU time")
  }

  static func crowd() {
    let server = Program()
    let silent = server.connect("the silent client")
    server.signal(SIGSTOP)
    let clients = (1...100).map { server.connect("client \($0)") }
    for client in clients { client.send(request) }
    server.signal(SIGCONT)
    for client in clients {
      client.expectReply(
        body: "Hello", "\(client.name) is connected, but its request is not answered",
        "epoll reports the sockets that you registered, and no others. Every socket that accept "
          + "returns needs its own EPOLL_CTL_ADD. Events that did not fit into one epoll_wait "
          + "come with the next one.")
    }
    silent.send(request)
    silent.expectReply(
      body: "Hello", "the silent client finally sends its request, but gets no answer")
  }

  static func forgets() {
    let server = Program()
    server.settle()
    let before = server.descriptors
    let a = server.connect("A")
    a.finishSending()
    a.expectEnd(
      "A has finished sending, but its connection stays open",
      "recv returns 0 once the client has finished sending. That never changes, so epoll reports "
        + "the socket again and again: a client that left keeps a whole core busy. Close the "
        + "socket to stop this.")
    expect(
      server.descriptors <= before, "the connection of a client that left still has a descriptor",
      "Close the socket. epoll then removes it from its list.")
  }

  static func interrupted() {
    let server = Program()
    let a = server.connect("A")
    server.settle()
    server.signal(SIGSTOP)
    server.signal(SIGCONT)
    server.settle()
    expect(
      server.isRunning, "a signal interrupted epoll_wait, and the server died",
      "epoll_wait returned -1 with errno EINTR: no events, try again. A negative count cannot be "
        + "the length of an array, so Swift traps. Ctrl-Z and fg do to your server what the check "
        + "did.")
    a.send(request)
    a.expectReply(body: "Hello", "after a signal, A gets no answer")
  }
}
