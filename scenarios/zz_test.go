package scenarios
import ("testing";"strings";"time";"fmt")
func TestSlow(t *testing.T){
 for _,s:=range []string{"a","- ","{","a: 1\n","a: [1,\n","'","\"x","# c\n","a:\n","  \n","a: |\n  x\n","k","\t","é","? ","&a ","!t ","0,", "- a\n", "a: b\n  c\n", "\r", "-\n"," - a\n"} {
  for _,n:=range []int{10000,20000, 40000}{
   in:=strings.Repeat(s,n)
   if s=="a: 1\n" {in=""; for i:=range n {in+=fmt.Sprintf("a%d: 1\n",i); if len(in)>200000{break}}}
   b:=time.Now(); Parse("x",[]byte(in),nil); d:=time.Since(b)
   if d>100*time.Millisecond {t.Logf("%q ×%d %v",s,n,d)}
   if d>3*time.Second {break}
  }
 }
}
