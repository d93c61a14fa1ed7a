import Glibc

/// The port from `--port N`, the only option of a peer; 0 means any free port.
public func portOrExit(_ arguments: [String] = CommandLine.arguments) -> Int {
  guard arguments.count == 3, arguments[1] == "--port", let port = Int(arguments[2]) else {
    print("usage: \(arguments[0]) --port NUMBER")
    exit(64)
  }
  return port
}

/// The line that scripts wait for.
public func announce(_ name: String, port: Int) {
  print("\(name) listening on http://127.0.0.1:\(port)")
  fflush(nil)
}
