// expect: no empty line separates the header from the body
func response() -> String {
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nHello"
}
