import NIOCore
import NIOHTTP1
import PeerSupport

/// Answers every request, `GET /` with `Hello` and any other with 404.
final class HelloHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let hello = ByteBuffer(string: "Hello")
  private let date: HTTPDate
  private var head: HTTPRequestHead?

  init(date: HTTPDate) {
    self.date = date
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let received): head = received
    case .body: break
    case .end:
      guard let request = head.take() else { return }
      answer(request, context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
  }

  private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let found = request.uri == "/" && request.method == .GET
    let body = found ? Self.hello : ByteBuffer()
    var response = HTTPResponseHead(version: .http1_1, status: found ? .ok : .notFound)
    response.headers = [
      "Date": date.text, "Content-Type": "text/plain", "Content-Length": "\(body.readableBytes)",
    ]
    if !request.isKeepAlive { response.headers.add(name: "Connection", value: "close") }
    context.write(Self.wrapOutboundOut(.head(response)), promise: nil)
    context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    if request.isKeepAlive {
      context.write(Self.wrapOutboundOut(.end(nil)), promise: nil)
    } else {
      let context = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.value.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in
        context.value.close(promise: nil)
      }
    }
  }
}
