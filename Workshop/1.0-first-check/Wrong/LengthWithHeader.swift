// expect: Content-Length is not the length of the body
func response() -> String {
  "HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\nHello"
}
