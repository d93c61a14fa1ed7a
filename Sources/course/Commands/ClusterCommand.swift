import ChildProcesses
import Foundation

/// `course cluster`: Redis, three nodes of chapter 5 and nginx in front of them, until Ctrl-C.
struct ClusterCommand {
  private let workshop: Workshop

  init(_ desk: Desk) { workshop = desk.workshop }

  func perform() throws -> ExitCode {
    guard Self.isInstalled("redis-server") else {
      throw CourseError("the cluster needs Redis: apt-get install redis-server")
    }
    print("Building chapter 5; the first time, that takes minutes.")
    fflush(nil)
    let result = try Run(
      ["swift", "build", "--package-path", workshop.root.path, "--product", "05-WebSocket"],
      silence: 1200)
    if !result.isSuccess { throw CourseError("swift build failed:\n\(result.output)") }
    let folder = try TemporaryFolder(in: workshop.build)
    var parts: [(name: String, process: ChildProcess)] = []
    let redis = try Self.freePort()
    let server = try startRedis(redis, folder.url)
    parts.append(("Redis", server))
    print("\nRedis      redis://127.0.0.1:\(redis)")
    var ports: [Int] = []
    for number in 1...3 {
      let (process, port) = try startNode(redis, server, folder.url)
      parts.append(("node \(number)", process))
      ports.append(port)
      print("node \(number)     http://127.0.0.1:\(port)/chat")
    }
    if Self.isInstalled("nginx") {
      let port = try Self.freePort()
      parts.append(("nginx", try startNginx(port, ports, folder.url)))
      print("all nodes  http://127.0.0.1:\(port)/chat (nginx)")
    } else {
      print("For one address in front of all nodes: apt-get install nginx")
    }
    print("\nOpen the page twice and broadcast. Kill what you like; Ctrl-C ends everything.")
    fflush(nil)
    return watch(parts)
  }

  /// Ctrl-C ends all of them: each leads a process group, see ``Interruption``.
  private func watch(_ parts: [(name: String, process: ChildProcess)]) -> ExitCode {
    var running = parts
    while !running.isEmpty {
      for part in running where part.process.hasEnded { print("\(part.name) ended.") }
      running.removeAll { $0.process.hasEnded }
      fflush(nil)
      poll(nil, 0, 200)
    }
    return .passed
  }

  private func startRedis(_ port: Int, _ folder: URL) throws -> ChildProcess {
    let log = folder.appending(path: "redis.log").path
    return try ChildProcess(
      [
        "redis-server", "--bind", "127.0.0.1", "--port", "\(port)", "--save", "", "--logfile", log,
        "--dir", folder.path,
      ], leadsGroup: true)
  }

  /// Starts a node and waits for the line that says where it listens. It waits for Redis itself.
  private func startNode(
    _ redis: Int, _ server: ChildProcess, _ folder: URL
  ) throws -> (ChildProcess, port: Int) {
    let output = try OutputPipe()
    let process = try ChildProcess(
      [
        workshop.servers.appending(path: "05-WebSocket").path, "--port", "0", "--log",
        "--backplane", "redis://127.0.0.1:\(redis)",
      ], descriptors: [STDOUT_FILENO: output.writer], leadsGroup: true)
    output.closeWriter()
    var line: [UInt8] = []
    for _ in 0..<100 where output.isOpen && !line.contains(UInt8(ascii: "\n")) {
      if server.hasEnded {
        let log = try? Files.text(of: folder.appending(path: "redis.log"))
        throw CourseError("Redis did not start: \(log ?? "it has no log")")
      }
      var wait = pollfd(fd: output.reader, events: Int16(POLLIN), revents: 0)
      poll(&wait, 1, 100)
      line += output.read()
    }
    let text = Files.text(line)
    guard let port = text.split(separator: ":").last.flatMap({ Int($0.prefix { $0 != "\n" }) })
    else { throw CourseError("a node did not start: \(text)") }
    return (process, port)
  }

  private func startNginx(_ port: Int, _ nodes: [Int], _ folder: URL) throws -> ChildProcess {
    let servers = nodes.map { "server 127.0.0.1:\($0);" }.joined(separator: " ")
    let configuration = """
      daemon off; pid \(folder.path)/nginx.pid; error_log stderr;
      events { worker_connections 4000; }
      http {
        access_log off; client_body_temp_path \(folder.path)/body;
        proxy_temp_path \(folder.path)/proxy; fastcgi_temp_path \(folder.path)/fastcgi;
        uwsgi_temp_path \(folder.path)/uwsgi; scgi_temp_path \(folder.path)/scgi;
        upstream nodes { \(servers) }
        server {
          listen 127.0.0.1:\(port);
          location / {
            proxy_pass http://nodes; proxy_http_version 1.1; proxy_read_timeout 1h;
            proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $http_connection;
          }
        }
      }
      """
    let file = folder.appending(path: "nginx.conf")
    try Files.write(Array(configuration.utf8), to: file)
    return try ChildProcess(
      ["nginx", "-e", "stderr", "-p", folder.path, "-c", file.path], leadsGroup: true)
  }

  private static func isInstalled(_ program: String) -> Bool {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// A port that is free now, for programs that cannot choose one themselves.
  private static func freePort() throws -> Int {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(number) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, size) == 0 && getsockname(number, $0, &size) == 0
      }
    }
    guard isBound else { throw FileError("bind", "127.0.0.1") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
