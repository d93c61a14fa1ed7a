// The Hello service on SwiftNIO's asynchronous channels: a task per client, as NIO's documentation
// shows it.

import NIOCore
import NIOHTTP1
import NIOPosix
import PeerSupport

@main
struct Server {
  typealias Client = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
  typealias Writer = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

  let date = HTTPDate()

  static func main() async throws {
    let port = portOrExit()
    let listener = try await ServerBootstrap(
      group: MultiThreadedEventLoopGroup(numberOfThreads: 1)
    )
    .serverChannelOption(.backlog, value: 4096)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    .childChannelOption(.maxMessagesPerRead, value: 1)
    .bind(host: "127.0.0.1", port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
        return try Client(wrappingChannelSynchronously: channel)
      }
    }
    announce("SwiftNIO, async", port: listener.channel.localAddress!.port!)
    let server = Server()
    try await withThrowingDiscardingTaskGroup { group in
      try await listener.executeThenClose { clients in
        for try await client in clients {
          group.addTask { await server.serve(client) }
        }
      }
    }
  }

  /// Serves one client until it leaves; its errors affect no other client.
  private func serve(_ client: Client) async {
    try? await client.executeThenClose { requests, responses in
      var head: HTTPRequestHead?
      for try await part in requests {
        switch part {
        case .head(let received): head = received
        case .body: break
        case .end:
          guard let request = head.take() else { return }
          try await answer(request, responses)
          if !request.isKeepAlive { return }
        }
      }
    }
  }

  private func answer(_ request: HTTPRequestHead, _ responses: Writer) async throws {
    let found = request.uri == "/" && request.method == .GET
    let body = ByteBuffer(string: found ? "Hello" : "")
    var response = HTTPResponseHead(version: .http1_1, status: found ? .ok : .notFound)
    response.headers = [
      "Date": date.text, "Content-Type": "text/plain", "Content-Length": "\(body.readableBytes)",
    ]
    if !request.isKeepAlive { response.headers.add(name: "Connection", value: "close") }
    try await responses.write(
      contentsOf: [.head(response), .body(.byteBuffer(body)), .end(nil)])
  }
}
