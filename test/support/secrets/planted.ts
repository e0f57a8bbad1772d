/** Secrets with all that a sign-in may hold: letters, digits, and what URLs, JSON and headers write otherwise. */
export const planted = {
  token: 'Tq"7/k+Z%x=3\\vB{9}mW&eRtYuIoP-a1',
  ticket: 'Kc_81.Lw~4+Hn/66==Dd:0(z)QsWxEc-b2',
  accessToken: 'Xv5%Gp[2]Jf*8@Nn!Mm#Ll$Kk^Jj-c3',
  appSecret: 'Sz~9"rQ\\1/hW+4%uY=7{b}NnOoPpQq-d4',
  foreignAppSecret: 'Fg7+Rr/3%Ee=5"Aa\\2Ss{d}Ff&Gg-e5',
  malformed: 'Bd3/Ww+6%Tt=9Zz.Cc(1)Vv*Bb@Nn-f6',
} as const;

export type Planted = keyof typeof planted;
