import Glibc

/// The port from `--port N`, the only thing that a peer can be told; 0 is any that is free.
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
