import CLinux
import Common
import Glibc

/// All addresses of a host name (getaddrinfo(3)): `localhost` is often `::1` first, with the server on 127.0.0.1.
func lookUp(_ target: Target) throws(UnreachableError) -> [SocketAddress] {
  var hints = addrinfo()
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  hints.ai_flags = AI_NUMERICSERV
  var found: UnsafeMutablePointer<addrinfo>?
  let status = getaddrinfo(target.host, String(target.port), &hints, &found)
  guard status == 0 else {
    throw UnreachableError(
      "cannot resolve \(target.host): \(String(cString: gai_strerror(status)))")
  }
  defer { freeaddrinfo(found) }
  return sequence(first: found) { $0?.pointee.ai_next }.compactMap { info in
    info.map { address($0.pointee) }
  }
}

private func address(_ info: addrinfo) -> SocketAddress {
  var address = SocketAddress()
  address.withMutablePointer { pointer, length in
    // A sockaddr_storage is behind the pointer: it has room for every family.
    memcpy(pointer, info.ai_addr, Int(info.ai_addrlen))
    length.pointee = info.ai_addrlen
  }
  return address
}
